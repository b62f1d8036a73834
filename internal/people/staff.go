package people

import (
	"context"
	"fmt"
	"slices"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/entry"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

// Staff returns all accounts, by name; inactive ones too.
func (s *Service) Staff(ctx context.Context) ([]Staff, error) {
	list, err := s.store().staff(ctx, s.db.Read(), "")
	if err != nil {
		return nil, fmt.Errorf("staff: %w", err)
	}
	return list, nil
}

// StaffByID returns the account, or problem.NotFound.
func (s *Service) StaffByID(ctx context.Context, id StaffID) (Staff, error) {
	st, _, err := s.store().staffBy(ctx, s.db.Read(), "id", string(id))
	if err != nil {
		return Staff{}, fmt.Errorf("staff %s: %w", id, err)
	}
	return st, nil
}

// StaffByEmail returns the account, or problem.NotFound.
func (s *Service) StaffByEmail(ctx context.Context, email string) (Staff, error) {
	var f problem.Fields
	st, _, err := s.store().staffBy(ctx, s.db.Read(), "email", entry.Email(&f, "email", email))
	if err != nil {
		return Staff{}, fmt.Errorf("staff by address: %w", err)
	}
	return st, nil
}

// FirstAdmin makes the administrator of a new paper. It refuses with problem.Conflict when there
// are accounts already. The fields of its problems are admin (the name), email and password.
func (s *Service) FirstAdmin(ctx context.Context, tx *db.Tx, n NewStaff) (Staff, error) {
	n.Role = actor.Admin
	st, err := checkNew(n, "admin", true)
	if err != nil {
		return Staff{}, err
	}
	there, err := s.store().staff(ctx, tx, "")
	if err != nil {
		return Staff{}, err
	}
	if len(there) > 0 {
		return Staff{}, problem.New(problem.Conflict, "problem.set_up_already")
	}
	hash, err := s.hasher.hash(ctx, n.Password)
	if err != nil {
		return Staff{}, err
	}
	return s.insert(ctx, tx, actor.System("setup"), st, hash)
}

// CreateStaff makes an account. The fields of its problems are name, email, role, langs, sections,
// ui and password.
func (s *Service) CreateStaff(ctx context.Context, a actor.Actor, n NewStaff) (Staff, error) {
	if !actor.May(a, actor.EditStaff, actor.Scope{}) {
		return Staff{}, forbidden()
	}
	st, err := checkNew(n, "name", false)
	if err != nil {
		return Staff{}, err
	}
	hash := ""
	if n.Password != "" {
		if hash, err = s.hasher.hash(ctx, n.Password); err != nil {
			return Staff{}, err
		}
	}
	var out Staff
	err = s.db.Write(ctx, func(tx *db.Tx) (err error) {
		out, err = s.insert(ctx, tx, a, st, hash)
		return err
	})
	return out, err
}

func checkNew(n NewStaff, nameField string, password bool) (Staff, error) {
	var f problem.Fields
	st := checkStaff(&f, Staff{
		Name: n.Name, Email: n.Email, Role: n.Role, Langs: n.Langs, Sections: n.Sections, UILang: n.UILang, Active: true,
	}, nameField)
	if password || n.Password != "" {
		checkPassword(&f, "password", n.Password, st.Name, st.Email)
	}
	return st, f.Err()
}

// checkStaff returns st as it is stored.
func checkStaff(f *problem.Fields, st Staff, nameField string) Staff {
	st.Name = entry.Must(f, nameField, st.Name, entry.Name)
	st.Email = entry.Email(f, "email", st.Email)
	if !st.Role.Valid() {
		f.Add("role", entry.Choice, "")
	}
	if st.UILang == "" {
		st.UILang = "en"
	}
	st.UILang = entry.Lang(f, "ui", st.UILang)
	langs := make([]lang.Tag, 0, len(st.Langs))
	for _, t := range st.Langs {
		langs = append(langs, entry.Lang(f, "langs", t))
	}
	slices.Sort(langs)
	st.Langs = slices.Compact(langs)
	st.Sections = slices.Clone(st.Sections)
	slices.Sort(st.Sections)
	st.Sections = slices.Compact(st.Sections)
	if len(st.Langs) > 100 || len(st.Sections) > 500 || slices.ContainsFunc(st.Sections, func(x string) bool { return !id.Valid(x) }) {
		f.Add("sections", entry.Choice, "")
	}
	return st
}

func (s *Service) insert(ctx context.Context, tx *db.Tx, a actor.Actor, st Staff, hash string) (Staff, error) {
	st.ID = StaffID(id.New(tx.Now()))
	if err := s.emailIsFree(ctx, tx, st); err != nil {
		return Staff{}, err
	}
	if err := s.store().insertStaff(ctx, tx, st, hash); err != nil {
		return Staff{}, fmt.Errorf("create staff: %w", err)
	}
	if err := tell(ctx, tx, a, "staff.create", "staff.changed", "staff:"+string(st.ID), map[string]any{"name": st.Name, "role": st.Role}); err != nil {
		return Staff{}, err
	}
	out, _, err := s.store().staffBy(ctx, tx, "id", string(st.ID))
	return out, err
}

// emailIsFree complains beside the field. Who comes between is stopped by the schema.
func (s *Service) emailIsFree(ctx context.Context, q db.Conn, st Staff) error {
	other, _, err := s.store().staffBy(ctx, q, "email", st.Email)
	switch {
	case problem.Is(err, problem.NotFound), err == nil && other.ID == st.ID:
		return nil
	case err != nil:
		return err
	}
	return (&problem.Error{Kind: problem.Conflict, Key: entry.Taken}).With(problem.Field{Name: "email", Key: entry.Taken, Value: st.Email})
}

// SaveStaff stores what is known of somebody. One's own name and language of the screens everybody
// may change, the rest needs the right to. The last active administrator stays one. Who is made
// inactive is signed out everywhere. The fields of its problems are those of [Service.CreateStaff],
// and active.
func (s *Service) SaveStaff(ctx context.Context, a actor.Actor, st Staff) (Staff, error) {
	var f problem.Fields
	next := checkStaff(&f, st, "name")
	if err := f.Err(); err != nil {
		return Staff{}, err
	}
	var out Staff
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		old, _, err := s.store().staffBy(ctx, tx, "id", string(st.ID))
		if err != nil {
			return err
		}
		if !mayChange(a, old, next) {
			return forbidden()
		}
		if err := s.emailIsFree(ctx, tx, next); err != nil {
			return err
		}
		if err := s.store().updateStaff(ctx, tx, next); err != nil {
			return err
		}
		if err := s.afterSave(ctx, tx, old, next); err != nil {
			return err
		}
		if err := tell(ctx, tx, a, "staff.save", "staff.changed", "staff:"+string(st.ID), changes(old, next)); err != nil {
			return err
		}
		out, _, err = s.store().staffBy(ctx, tx, "id", string(st.ID))
		return err
	})
	if err != nil {
		return Staff{}, fmt.Errorf("save staff %s: %w", st.ID, err)
	}
	return out, nil
}

func mayChange(a actor.Actor, old, next Staff) bool {
	if actor.May(a, actor.EditStaff, actor.Scope{}) {
		return true
	}
	return a.ID == string(old.ID) && old.Active && next.Active && old.Email == next.Email && old.Role == next.Role &&
		slices.Equal(old.Langs, next.Langs) && slices.Equal(old.Sections, next.Sections)
}

func (s *Service) afterSave(ctx context.Context, tx *db.Tx, old, next Staff) error {
	if !next.Active {
		if err := s.store().endSessions(ctx, tx, next.ID, ""); err != nil {
			return err
		}
	}
	wasAdmin := old.Active && old.Role == actor.Admin
	if !wasAdmin || next.Active && next.Role == actor.Admin {
		return nil
	}
	n, err := s.store().lockAndCountAdmins(ctx, tx)
	if err != nil || n > 0 {
		return err
	}
	field := "role"
	if !next.Active {
		field = "active"
	}
	var f problem.Fields
	f.Add(field, "problem.last_admin", "")
	return f.Err()
}

// SetUILang gives the actor another language of the screens. The field of its problems is ui.
func (s *Service) SetUILang(ctx context.Context, a actor.Actor, l lang.Tag) error {
	st, err := s.StaffByID(ctx, StaffID(a.ID))
	if err != nil {
		return err
	}
	st.UILang = l
	_, err = s.SaveStaff(ctx, a, st)
	return err
}

// changes are what the record says of a save.
func changes(old, next Staff) map[string]any {
	out := map[string]any{}
	if old.Name != next.Name {
		out["name"] = next.Name
	}
	if old.Email != next.Email {
		out["email"] = true // an address is nobody's business later
	}
	if old.Role != next.Role {
		out["role"] = next.Role
	}
	if old.Active != next.Active {
		out["active"] = next.Active
	}
	if !slices.Equal(old.Langs, next.Langs) {
		out["langs"] = next.Langs
	}
	if !slices.Equal(old.Sections, next.Sections) {
		out["sections"] = next.Sections
	}
	return out
}

// SetPassword gives somebody a password without asking for the present one: for those who may edit
// staff, and for the command. It ends all of the person's sessions. The field of its problems is
// password.
func (s *Service) SetPassword(ctx context.Context, a actor.Actor, id StaffID, password string) error {
	if !actor.May(a, actor.EditStaff, actor.Scope{}) {
		return forbidden()
	}
	return s.setPassword(ctx, a, id, password, "")
}

// ChangePassword gives the actor a new password and ends all sessions but the one with the token.
// A wrong old one is a problem of the field old, and too many are problem.TooMany. The new one's
// field is password.
func (s *Service) ChangePassword(ctx context.Context, a actor.Actor, old, password, token string) error {
	st, stored, err := s.store().staffBy(ctx, s.db.Read(), "id", a.ID)
	if err != nil {
		return fmt.Errorf("change password: %w", err)
	}
	doors := doorOfKnown(st.Email)
	if !s.doors.knock(doors, s.db.Now()) {
		return problem.New(problem.TooMany, "problem.too_many_tries")
	}
	ok, _, err := s.hasher.matches(ctx, clipPassword(old), stored)
	if err != nil {
		return fmt.Errorf("change password: %w", err)
	}
	if !ok {
		var f problem.Fields
		f.Add("old", "problem.password_wrong", "")
		return f.Err()
	}
	s.doors.open(doors, s.db.Now())
	return s.setPassword(ctx, a, st.ID, password, hashOf(token))
}

func (s *Service) setPassword(ctx context.Context, a actor.Actor, id StaffID, password, keep string) error {
	st, _, err := s.store().staffBy(ctx, s.db.Read(), "id", string(id))
	if err != nil {
		return fmt.Errorf("set password of %s: %w", id, err)
	}
	var f problem.Fields
	checkPassword(&f, "password", password, st.Name, st.Email)
	if err := f.Err(); err != nil {
		return err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.store().putPassword(ctx, tx, id, hash); err != nil {
			return err
		}
		if err := s.store().endSessions(ctx, tx, id, keep); err != nil {
			return err
		}
		return record(ctx, tx, a, "staff.password", "staff:"+string(id), nil)
	})
	if err != nil {
		return fmt.Errorf("set password of %s: %w", id, err)
	}
	return nil
}

// clipPassword keeps a stranger's megabytes from the hasher; what is longer can't be right anyway.
func clipPassword(p string) string {
	if len(p) > 4*maxPassword {
		return ""
	}
	return p
}
