-- The team's log, who is a member, and what each right may do. A name in braces stands for a role's
-- identifier, with a colon for the same as a text. One transaction, run by the database's owner.
-- SPDX-License-Identifier: GPL-3.0-or-later
CREATE SCHEMA tvm_remediate AUTHORIZATION {owner};
SET LOCAL ROLE {owner};
GRANT USAGE ON SCHEMA tvm_remediate TO {reader};

-- One row: which layout this is. Who appends to the log holds its lock, so that numbers are given in
-- the order in which they become visible.
CREATE TABLE tvm_remediate.about (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  version integer NOT NULL, team uuid NOT NULL DEFAULT gen_random_uuid (),
  made_at timestamptz NOT NULL DEFAULT now ()
);

-- Each right includes those before it.
CREATE TABLE tvm_remediate.rights (
  word text PRIMARY KEY, rank integer NOT NULL UNIQUE, role regrole NOT NULL
);
INSERT INTO tvm_remediate.rights VALUES ('reader', 1, {:reader}), ('requester', 2, {:requester}),
  ('approver', 3, {:approver}), ('administrator', 4, {:administrator});

-- Whose login is whose account. By number, so that a login made anew is nobody's. Who left stays, for
-- what the log says of them.
CREATE TABLE tvm_remediate.member (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  login regrole NOT NULL, login_name name NOT NULL,
  account text NOT NULL CHECK (account ~ '^[^[:space:][:cntrl:]@<>,;]{1,64}@[^[:space:][:cntrl:]@<>,;]{1,190}$'),
  added_at timestamptz NOT NULL, added_by name NOT NULL, left_at timestamptz
);
CREATE UNIQUE INDEX member_login ON tvm_remediate.member (login) WHERE left_at IS NULL;
CREATE UNIQUE INDEX member_account ON tvm_remediate.member (lower (account)) WHERE left_at IS NULL;

-- Kinds of decisions, and the least right that may make them.
CREATE TABLE tvm_remediate.event_kind (
  kind text PRIMARY KEY, least text NOT NULL REFERENCES tvm_remediate.rights (word),
  starts boolean NOT NULL DEFAULT false     -- the first one about its subject, and the only one
);
INSERT INTO tvm_remediate.event_kind VALUES
  ('activity-requested', 'requester', true), ('activity-completed', 'requester', false),
  ('activity-reopened', 'requester', false), ('activity-assigned', 'requester', false),
  ('comment', 'requester', false), ('exception-filed', 'requester', true),
  ('exception-cancelled', 'requester', false), ('exception-approved', 'approver', false),
  ('exception-rejected', 'approver', false);

CREATE SEQUENCE tvm_remediate.event_number;
CREATE TABLE tvm_remediate.event (
  number bigint PRIMARY KEY,                -- the order; nothing else is
  id uuid NOT NULL UNIQUE CHECK (substr (id::text, 15, 1) = '7'),
  subject uuid NOT NULL,                    -- the activity or exception
  kind text NOT NULL REFERENCES tvm_remediate.event_kind (kind),
  author bigint NOT NULL REFERENCES tvm_remediate.member (id),
  recorded_at timestamptz NOT NULL,         -- by the database's clock
  decided_at timestamptz NOT NULL,          -- by the author's
  before jsonb, after jsonb
);
CREATE UNIQUE INDEX event_starts ON tvm_remediate.event (subject)
  WHERE kind IN ('activity-requested', 'exception-filed');
CREATE INDEX event_of_subject ON tvm_remediate.event (subject, number);

-- Whose session it is, whatever role it took on; NULL: no member's.
CREATE FUNCTION tvm_remediate.me () RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.id FROM tvm_remediate.member m
  WHERE m.login = to_regrole (quote_ident (session_user)) AND m.left_at IS NULL
$$;

-- The highest right that a login has by its roles; NULL: none.
CREATE FUNCTION tvm_remediate.right_of (login regrole) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.word FROM tvm_remediate.rights r JOIN pg_roles g ON g.oid = login
  WHERE pg_has_role (g.oid, r.role, 'USAGE') ORDER BY r.rank DESC LIMIT 1
$$;

CREATE FUNCTION tvm_remediate.event_takes_turn () RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM 1 FROM tvm_remediate.about FOR UPDATE;
  RETURN NULL;
END $$;

CREATE FUNCTION tvm_remediate.event_is_stamped () RETURNS trigger
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
  IF is_first = EXISTS (SELECT 1 FROM tvm_remediate.event WHERE subject = NEW.subject) THEN
    RAISE integrity_constraint_violation
      USING MESSAGE = CASE WHEN is_first THEN 'the team knows this subject already'
                           ELSE 'the team does not know this subject' END;
  END IF;
  IF NEW.kind LIKE '%-%' AND NOT is_first AND NOT EXISTS (
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

CREATE FUNCTION tvm_remediate.event_is_told () RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_notify ('tvm_remediate', '');
  RETURN NULL;
END $$;

CREATE TRIGGER takes_turn BEFORE INSERT ON tvm_remediate.event
  FOR EACH STATEMENT EXECUTE FUNCTION tvm_remediate.event_takes_turn ();
CREATE TRIGGER is_stamped BEFORE INSERT ON tvm_remediate.event
  FOR EACH ROW EXECUTE FUNCTION tvm_remediate.event_is_stamped ();
CREATE TRIGGER is_told AFTER INSERT ON tvm_remediate.event
  FOR EACH STATEMENT EXECUTE FUNCTION tvm_remediate.event_is_told ();

-- Only that somebody left can be changed, and only once.
CREATE FUNCTION tvm_remediate.member_is_stamped () RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.left_at IS NOT NULL THEN
      RAISE insufficient_privilege USING MESSAGE = 'this member left already';
    END IF;
    NEW := OLD;
    NEW.left_at := clock_timestamp ();
    RETURN NEW;
  END IF;
  SELECT r.rolname INTO NEW.login_name FROM pg_roles r WHERE r.oid = NEW.login;
  IF NEW.login_name IS NULL THEN
    RAISE undefined_object USING MESSAGE = 'there is no such login';
  END IF;
  NEW.added_at := clock_timestamp ();
  NEW.added_by := session_user;
  NEW.left_at := NULL;
  RETURN NEW;
END $$;
CREATE TRIGGER is_stamped BEFORE INSERT OR UPDATE ON tvm_remediate.member
  FOR EACH ROW EXECUTE FUNCTION tvm_remediate.member_is_stamped ();

ALTER TABLE tvm_remediate.member ENABLE ROW LEVEL SECURITY;
ALTER TABLE tvm_remediate.event ENABLE ROW LEVEL SECURITY;
CREATE POLICY is_read ON tvm_remediate.member FOR SELECT TO {reader}
  USING (tvm_remediate.me () IS NOT NULL);
CREATE POLICY is_added ON tvm_remediate.member FOR INSERT TO {administrator}
  WITH CHECK (tvm_remediate.me () IS NOT NULL);
CREATE POLICY leaves ON tvm_remediate.member FOR UPDATE TO {administrator}
  USING (tvm_remediate.me () IS NOT NULL);
CREATE POLICY is_read ON tvm_remediate.event FOR SELECT TO {reader}
  USING ((SELECT tvm_remediate.me ()) IS NOT NULL);
CREATE POLICY is_requested ON tvm_remediate.event FOR INSERT TO {requester}
  WITH CHECK (EXISTS (SELECT 1 FROM tvm_remediate.event_kind k WHERE k.kind = event.kind AND
                      k.least = 'requester'));
CREATE POLICY is_approved ON tvm_remediate.event FOR INSERT TO {approver}
  WITH CHECK (EXISTS (SELECT 1 FROM tvm_remediate.event_kind k WHERE k.kind = event.kind AND
                      k.least = 'approver'));

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA tvm_remediate FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tvm_remediate.me (), tvm_remediate.right_of (regrole) TO {reader};
GRANT SELECT ON tvm_remediate.about, tvm_remediate.rights, tvm_remediate.event_kind,
  tvm_remediate.member, tvm_remediate.event TO {reader};
GRANT INSERT (id, subject, kind, decided_at, before, after) ON tvm_remediate.event TO {requester};
GRANT INSERT (login, account), UPDATE (left_at) ON tvm_remediate.member TO {administrator};
INSERT INTO tvm_remediate.about (version) VALUES (0);
RESET ROLE;
