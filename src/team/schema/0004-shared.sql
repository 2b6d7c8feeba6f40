-- What a team shares beside activities and exceptions: its policy and views of lists. One transaction, run by
-- the database's owner. SPDX-License-Identifier: GPL-3.0-or-later
SET LOCAL ROLE {owner};

-- Of these the last one in the log stands. A policy's subject is the team, a view's its own number.
INSERT INTO tvm_remediate.event_kind (kind, least) VALUES ('policy-set', 'administrator'),
  ('view-shared', 'requester'), ('view-withdrawn', 'requester');

CREATE FUNCTION tvm_remediate.check_shared (of_kind text, of_subject uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  is_view boolean;                          -- NULL: it is new
  is_own boolean;
BEGIN
  IF of_kind = 'policy-set' THEN
    IF of_subject <> (SELECT a.team FROM tvm_remediate.about a) THEN
      RAISE integrity_constraint_violation USING MESSAGE = 'the subject is of another kind';
    END IF;
    RETURN;
  END IF;
  SELECT e.kind = 'view-shared', a.login = to_regrole (quote_ident (session_user)) OR
         lower (a.account) = lower (me.account) INTO is_view, is_own
    FROM tvm_remediate.event e JOIN tvm_remediate.member a ON a.id = e.author
    LEFT JOIN tvm_remediate.member me ON me.id = tvm_remediate.me ()
    WHERE e.subject = of_subject ORDER BY e.number LIMIT 1;
  IF NOT is_view OR substr (of_subject::text, 15, 1) <> '7' THEN
    RAISE integrity_constraint_violation USING MESSAGE = 'the subject is of another kind';
  ELSIF is_view IS NULL AND of_kind = 'view-withdrawn' THEN
    RAISE integrity_constraint_violation USING MESSAGE = 'the team does not know this subject';
  ELSIF NOT is_own AND (of_kind = 'view-shared' OR
                        NOT pg_has_role (session_user, {:administrator}::regrole, 'USAGE')) THEN
    RAISE insufficient_privilege USING MESSAGE = 'this view is somebody else''s';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION tvm_remediate.event_is_stamped () RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  is_first boolean;
BEGIN
  IF EXISTS (SELECT 1 FROM tvm_remediate.event WHERE id = NEW.id) THEN
    RETURN NULL;                            -- sent again after a lost answer
  END IF;
  NEW.author := tvm_remediate.me ();
  IF NEW.author IS NULL THEN
    RAISE insufficient_privilege USING MESSAGE = 'this login is no member of the team';
  END IF;
  SELECT k.starts INTO is_first FROM tvm_remediate.event_kind k WHERE k.kind = NEW.kind;
  IF NEW.kind IN ('policy-set', 'view-shared', 'view-withdrawn') THEN
    PERFORM tvm_remediate.check_shared (NEW.kind, NEW.subject);
  ELSIF is_first AND (EXISTS (SELECT 1 FROM tvm_remediate.event WHERE subject = NEW.subject) OR
                      NEW.subject = (SELECT a.team FROM tvm_remediate.about a)) THEN
    RAISE integrity_constraint_violation USING MESSAGE = 'the team knows this subject already';
  ELSIF NOT is_first AND NOT EXISTS (
       SELECT 1 FROM tvm_remediate.event e JOIN tvm_remediate.event_kind k ON k.kind = e.kind AND k.starts
       WHERE e.subject = NEW.subject) THEN
    RAISE integrity_constraint_violation USING MESSAGE = 'the team does not know this subject';
  ELSIF NEW.kind LIKE '%-%' AND NOT is_first AND NOT EXISTS (
       SELECT 1 FROM tvm_remediate.event e JOIN tvm_remediate.event_kind k ON k.kind = e.kind AND k.starts
       WHERE e.subject = NEW.subject AND split_part (e.kind, '-', 1) = split_part (NEW.kind, '-', 1)) THEN
    RAISE integrity_constraint_violation USING MESSAGE = 'the subject is of another kind';
  END IF;
  IF NEW.kind IN ('exception-approved', 'exception-rejected') AND EXISTS (
       SELECT 1 FROM tvm_remediate.event e JOIN tvm_remediate.member a ON a.id = e.author,
         tvm_remediate.member me
       WHERE e.subject = NEW.subject AND e.kind = 'exception-filed' AND me.id = NEW.author AND
         lower (a.account) = lower (me.account)) THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody decides about an exception of their own';
  END IF;
  NEW.number := nextval ('tvm_remediate.event_number');
  NEW.recorded_at := clock_timestamp ();
  RETURN NEW;
END $$;

CREATE POLICY is_administered ON tvm_remediate.event FOR INSERT TO {administrator}
  WITH CHECK (EXISTS (SELECT 1 FROM tvm_remediate.event_kind k WHERE k.kind = event.kind AND
                      k.least = 'administrator'));
REVOKE ALL ON FUNCTION tvm_remediate.check_shared (text, uuid) FROM PUBLIC;
RESET ROLE;
