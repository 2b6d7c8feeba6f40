-- One person is one login, whatever account it goes by; and what would hold up or stop the programs of
-- others does not get in. One transaction, run by the database's owner. SPDX-License-Identifier: GPL-3.0-or-later
SET LOCAL ROLE {owner};

-- An administrator could leave and come back under another account in one statement.
CREATE FUNCTION tvm_remediate.member_is_somebody_else () RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.login = to_regrole (quote_ident (session_user)) AND
     NOT pg_has_role (session_user, {:owner}::regrole, 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody takes themselves in';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER is_somebody_else BEFORE INSERT ON tvm_remediate.member
  FOR EACH ROW EXECUTE FUNCTION tvm_remediate.member_is_somebody_else ();

CREATE FUNCTION tvm_remediate.event_is_sound () RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF octet_length (NEW.before::text) > 1000000 OR
     octet_length (NEW.after::text) > (CASE NEW.kind WHEN 'activity-requested' THEN 100000000 ELSE 1000000 END) THEN
    RAISE integrity_constraint_violation USING MESSAGE = 'this decision is too large';
  END IF;
  IF NEW.kind IN ('exception-approved', 'exception-rejected') AND EXISTS (
       SELECT 1 FROM tvm_remediate.event e JOIN tvm_remediate.member a ON a.id = e.author
       WHERE e.subject = NEW.subject AND e.kind = 'exception-filed' AND
         a.login = to_regrole (quote_ident (session_user))) THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody decides about an exception of their own';
  END IF;
  IF NOT isfinite (NEW.decided_at) OR NEW.decided_at > clock_timestamp () OR NEW.decided_at < to_timestamp (0) THEN
    NEW.decided_at := clock_timestamp ();
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER is_sound BEFORE INSERT ON tvm_remediate.event
  FOR EACH ROW EXECUTE FUNCTION tvm_remediate.event_is_sound ();

REVOKE ALL ON FUNCTION tvm_remediate.member_is_somebody_else (), tvm_remediate.event_is_sound () FROM PUBLIC;
RESET ROLE;
