-- Which tenant a team decides about; and what no person can decide does not get in. One transaction, run by
-- the database's owner. SPDX-License-Identifier: GPL-3.0-or-later
SET LOCAL ROLE {owner};

-- NULL: nobody decided anything yet. The owner may set it anew.
ALTER TABLE tvm_remediate.about ADD COLUMN tenant text CHECK (length (tenant) BETWEEN 1 AND 100);
-- That of who is the first; who comes later hears which one it is.
CREATE FUNCTION tvm_remediate.use_tenant (of_tenant text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF tvm_remediate.me () IS NULL THEN
    RAISE insufficient_privilege USING MESSAGE = 'this login is no member of the team';
  END IF;
  UPDATE tvm_remediate.about SET tenant = lower (of_tenant) WHERE tenant IS NULL;
  RETURN (SELECT a.tenant FROM tvm_remediate.about a);
END $$;

CREATE OR REPLACE FUNCTION tvm_remediate.event_is_sound () RETURNS trigger
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
  -- As dates are written they sort as texts. A day more, because it is another one elsewhere.
  IF NEW.kind = 'exception-filed' AND (NEW.after ->> 'ends_on') COLLATE "C" >
       to_char (clock_timestamp () AT TIME ZONE 'UTC' + interval '366 days', 'YYYY-MM-DD') THEN
    RAISE integrity_constraint_violation USING MESSAGE = 'an exception holds for one year at most';
  END IF;
  -- Whoever left was somebody.
  IF NEW.kind = 'activity-assigned' AND NEW.after ->> 'assignee' IS NOT NULL AND NOT EXISTS (
       SELECT 1 FROM tvm_remediate.member m WHERE lower (m.account) = lower (NEW.after ->> 'assignee')) THEN
    RAISE integrity_constraint_violation USING MESSAGE = 'this is assigned to nobody of the team';
  END IF;
  IF NOT isfinite (NEW.decided_at) OR NEW.decided_at > clock_timestamp () OR NEW.decided_at < to_timestamp (0) THEN
    NEW.decided_at := clock_timestamp ();
  END IF;
  RETURN NEW;
END $$;

REVOKE ALL ON FUNCTION tvm_remediate.use_tenant (text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tvm_remediate.use_tenant (text) TO {requester};
RESET ROLE;
