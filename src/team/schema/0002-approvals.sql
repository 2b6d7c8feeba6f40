-- Which exceptions need somebody else's approval, and which program sends a ticket. One transaction, run by
-- the database's owner. SPDX-License-Identifier: GPL-3.0-or-later
SET LOCAL ROLE {owner};

-- Rules that an administrator sets.
CREATE TABLE tvm_remediate.rule (
  name text PRIMARY KEY, value text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now (), changed_by name NOT NULL DEFAULT session_user,
  CHECK (name <> 'approval' OR value IN ('none', 'risky', 'all'))
);
INSERT INTO tvm_remediate.rule (name, value) VALUES ('approval', 'none');
CREATE FUNCTION tvm_remediate.rule_is_stamped () RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.changed_at := clock_timestamp ();
  NEW.changed_by := session_user;
  RETURN NEW;
END $$;
CREATE TRIGGER is_stamped BEFORE UPDATE ON tvm_remediate.rule
  FOR EACH ROW EXECUTE FUNCTION tvm_remediate.rule_is_stamped ();

-- By the rule as it is when the log takes the exception. What is not told counts as the worst.
ALTER TABLE tvm_remediate.event ADD COLUMN needs_approval boolean NOT NULL DEFAULT false;
CREATE FUNCTION tvm_remediate.event_may_need_approval () RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.needs_approval := NEW.kind = 'exception-filed' AND
    CASE (SELECT r.value FROM tvm_remediate.rule r WHERE r.name = 'approval')
      WHEN 'none' THEN false
      WHEN 'risky' THEN coalesce (NEW.after ->> 'is_global', 'true') <> 'false' OR
                        coalesce (NEW.after ->> 'known_exploited_cves', '-1') <> '0'
      ELSE true END;
  RETURN NEW;
END $$;
CREATE TRIGGER may_need_approval BEFORE INSERT ON tvm_remediate.event
  FOR EACH ROW EXECUTE FUNCTION tvm_remediate.event_may_need_approval ();

-- A ticket is one part of an activity. It is claimed before it is sent; a claim is a lease.
CREATE TABLE tvm_remediate.ticket (
  activity uuid NOT NULL, part integer NOT NULL CHECK (part BETWEEN 1 AND 100000),
  marker text NOT NULL CHECK (length (marker) BETWEEN 8 AND 100),
  claim uuid NOT NULL, claimed_by bigint NOT NULL REFERENCES tvm_remediate.member (id),
  ends_at timestamptz NOT NULL,
  intune_id text CHECK (length (intune_id) BETWEEN 1 AND 200), sent_at timestamptz,
  PRIMARY KEY (activity, part)
);
-- granted: to be sent now; taken-over: the same, but who had it may have sent it under that marker; held: another
-- program is sending it; sent: it is in Intune.
CREATE FUNCTION tvm_remediate.claim_ticket (of_activity uuid, of_part integer, with_marker text, own_claim uuid,
                                            seconds integer,
                                            OUT outcome text, OUT who text, OUT old_marker text, OUT id text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me bigint := tvm_remediate.me ();
  t tvm_remediate.ticket;
  is_new integer;
BEGIN
  IF me IS NULL THEN
    RAISE insufficient_privilege USING MESSAGE = 'this login is no member of the team';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM tvm_remediate.event e WHERE e.subject = of_activity AND
                 e.kind = 'activity-requested') THEN
    RAISE integrity_constraint_violation USING MESSAGE = 'the team does not know this activity';
  END IF;
  IF seconds IS NULL OR seconds NOT BETWEEN 1 AND 86400 THEN
    RAISE integrity_constraint_violation USING MESSAGE = 'a claim is of a day at the most';
  END IF;
  INSERT INTO tvm_remediate.ticket (activity, part, marker, claim, claimed_by, ends_at)
    VALUES (of_activity, of_part, with_marker, own_claim, me, clock_timestamp () + seconds * interval '1 second')
    ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS is_new = ROW_COUNT;
  SELECT * INTO STRICT t FROM tvm_remediate.ticket k WHERE k.activity = of_activity AND k.part = of_part FOR UPDATE;
  SELECT m.account INTO who FROM tvm_remediate.member m WHERE m.id = t.claimed_by;
  old_marker := t.marker;
  id := t.intune_id;
  outcome := CASE WHEN is_new = 1 THEN 'granted' WHEN t.intune_id IS NOT NULL THEN 'sent'
                  WHEN t.claim = own_claim THEN 'granted' WHEN t.ends_at > clock_timestamp () THEN 'held'
                  ELSE 'taken-over' END;
  IF outcome IN ('granted', 'taken-over') THEN
    UPDATE tvm_remediate.ticket k SET marker = with_marker, claim = own_claim, claimed_by = me,
      ends_at = clock_timestamp () + seconds * interval '1 second'
      WHERE k.activity = of_activity AND k.part = of_part;
  END IF;
END $$;
-- Only who holds the claim, also where it ran out and nobody took it over.
CREATE FUNCTION tvm_remediate.end_claim (of_activity uuid, of_part integer, own_claim uuid, made_id text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE tvm_remediate.ticket k SET intune_id = coalesce (k.intune_id, made_id),
    sent_at = CASE WHEN made_id IS NULL THEN k.sent_at ELSE coalesce (k.sent_at, clock_timestamp ()) END,
    ends_at = clock_timestamp ()
    WHERE k.activity = of_activity AND k.part = of_part AND k.claim = own_claim AND
      k.claimed_by = tvm_remediate.me ();
  RETURN FOUND;
END $$;

ALTER TABLE tvm_remediate.rule ENABLE ROW LEVEL SECURITY;
ALTER TABLE tvm_remediate.ticket ENABLE ROW LEVEL SECURITY;
CREATE POLICY is_read ON tvm_remediate.rule FOR SELECT TO {reader} USING (tvm_remediate.me () IS NOT NULL);
CREATE POLICY is_set ON tvm_remediate.rule FOR UPDATE TO {administrator} USING (tvm_remediate.me () IS NOT NULL);
CREATE POLICY is_read ON tvm_remediate.ticket FOR SELECT TO {reader}
  USING ((SELECT tvm_remediate.me ()) IS NOT NULL);
REVOKE ALL ON FUNCTION tvm_remediate.rule_is_stamped (), tvm_remediate.event_may_need_approval (),
  tvm_remediate.claim_ticket (uuid, integer, text, uuid, integer),
  tvm_remediate.end_claim (uuid, integer, uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tvm_remediate.claim_ticket (uuid, integer, text, uuid, integer),
  tvm_remediate.end_claim (uuid, integer, uuid, text) TO {requester};
GRANT SELECT ON tvm_remediate.rule, tvm_remediate.ticket TO {reader};
GRANT UPDATE (value) ON tvm_remediate.rule TO {administrator};
RESET ROLE;
