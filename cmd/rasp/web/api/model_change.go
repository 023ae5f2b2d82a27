package api

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"rasp/cmd/rasp/open"
	"rasp/cmd/rasp/web/rpc"
	"rasp/compiler/inside"
	"rasp/lang/spell"
	"rasp/runtime/model"
)

// Change is one of a model, by its kind:
//
//	weight     element index of the tensor, counted row by row, becomes the weight
//	sharpness  all scores are multiplied by a number: queries and their biases are
//	ablate     a part is taken away: how is zero, mean or resample, from another input
//	patch      what is named is at the position what it is on another input
//	set        an s-op has the value at the position
//
// The first two make another model; the others are those of rasp intervene.
type Change struct {
	Kind     string         `json:"kind"`
	Tensor   string         `json:"tensor,omitempty"`
	Index    int            `json:"index,omitempty"`
	Weight   float64        `json:"weight,omitempty"`
	By       float64        `json:"by,omitempty"`
	Part     string         `json:"part,omitempty"`
	How      string         `json:"how,omitempty"`
	Name     string         `json:"name,omitempty"`
	SOp      string         `json:"sop,omitempty"`
	Position int            `json:"position,omitempty"`
	Value    inside.Literal `json:"value,omitempty"`
	From     string         `json:"from,omitempty"`
}

const (
	mostChanges  = 64
	mostElements = 1 << 22 // of a tensor that is changed
	mostWeight   = 1e30
)

// isOfModel tells changes that make another model.
func (c Change) isOfModel() bool { return c.Kind == "weight" || c.Kind == "sharpness" }

// changed is the model of a program with the changes that make another one, and the
// intervention that the others are.
func (h *Host) changed(ctx context.Context, p Program, changes []Change) (*compiled, inside.Intervention, error) {
	var v inside.Intervention
	if len(changes) > mostChanges {
		return nil, v, rpc.Usage("", fmt.Sprintf("%d changes at most, not %d", mostChanges, len(changes)))
	}
	c, err := h.model(ctx, p)
	if err != nil {
		return nil, v, err
	}
	var edits []Change
	for _, one := range changes {
		if one.isOfModel() {
			edits = append(edits, one)
		} else if err := one.addTo(&v, c); err != nil {
			return nil, v, err
		}
	}
	if len(edits) > 0 {
		c, err = h.edited(c, p, edits)
	}
	return c, v, err
}

// addTo adds a change to an intervention.
func (one Change) addTo(v *inside.Intervention, c *compiled) (err error) {
	switch one.Kind {
	case "ablate":
		v.Ablate = append(v.Ablate, inside.Ablation{Part: one.Part, How: one.How})
		if one.How == "resample" {
			v.From, err = c.inputOf(one.From)
		}
	case "patch":
		patch := inside.Patch{Name: one.Name, Position: one.Position}
		patch.From, err = c.inputOf(one.From)
		v.Patch = append(v.Patch, patch)
	case "set":
		v.Set = append(v.Set, inside.Setting{SOp: one.SOp, Position: one.Position, Value: one.Value})
	default:
		return rpc.Usage("kinds of changes are weight, sharpness, ablate, patch and set", fmt.Sprintf("unknown kind of change %q", one.Kind))
	}
	return err
}

// edited is another model than c, or the one that was made of it before.
func (h *Host) edited(c *compiled, p Program, edits []Change) (*compiled, error) {
	key, err := json.Marshal([]any{p, edits})
	if err != nil {
		return nil, err
	}
	if known := h.models.find(string(key)); known != nil {
		return known, nil
	}
	m := *c.Model
	m.Blocks = slices.Clone(m.Blocks)
	for _, one := range edits {
		if err := one.edit(&m); err != nil {
			return nil, err
		}
	}
	made, err := ready(&m)
	if err != nil {
		return nil, err
	}
	made.Compiled, made.Faults = c.Compiled, c.Faults
	made.Model = &m
	h.models.keep(string(key), made)
	return made, nil
}

func (one Change) edit(m *model.Model) error {
	if one.Kind == "weight" {
		return one.setWeight(m)
	}
	if !(one.By >= 0 && one.By <= 1000) {
		return rpc.Usage("at 0 attention is a mean, at 1 the model's own, beyond it sharper", fmt.Sprintf("sharpness is a number from 0 to 1000, not %v", one.By))
	}
	for _, t := range m.Tensors() {
		if !strings.HasSuffix(t.Name, ".attn.W_Q") && !strings.HasSuffix(t.Name, ".attn.b_Q") {
			continue
		}
		if err := small(t); err != nil {
			return err
		}
		all := t.Floats()
		for i := range all {
			all[i] *= float32(one.By)
		}
		t.Set(all)
	}
	return nil
}

func (one Change) setWeight(m *model.Model) error {
	t, err := tensorOf(m, one.Tensor)
	switch {
	case err != nil:
		return err
	case one.Index < 0 || one.Index >= t.Elements():
		return rpc.Usage("elements count from 0, row by row", fmt.Sprintf("%s has %d elements, and no %d", t.Name, t.Elements(), one.Index))
	case !(math.Abs(one.Weight) <= mostWeight):
		return rpc.Usage("", fmt.Sprintf("a weight is a number up to %g, not %v", mostWeight, one.Weight))
	}
	if err := small(t); err != nil {
		return err
	}
	all := t.Floats()
	all[one.Index] = float32(one.Weight)
	t.Set(all)
	return nil
}

// small reports a tensor of which no copy is made.
func small(t model.Tensor) error {
	if n := t.Elements(); n > mostElements {
		return rpc.Usage("docs/model-file.md shows how to edit a model file", fmt.Sprintf("%s has %d elements, and tensors of up to %d are changed here", t.Name, n, mostElements))
	}
	return nil
}

func tensorOf(m *model.Model, name string) (model.Tensor, error) {
	list := m.Tensors()
	if at := slices.IndexFunc(list, func(t model.Tensor) bool { return t.Name == name }); at >= 0 {
		return list[at], nil
	}
	names := make([]string, len(list))
	for i, t := range list {
		names[i] = t.Name
	}
	hint := "tensors are such as blocks.0.mlp.b_in"
	if near := spell.Nearest(name, names); near != "" {
		hint = "did you mean " + near + "?"
	}
	return model.Tensor{}, rpc.Usage(hint, fmt.Sprintf("the model has no tensor %q", name))
}

// at is a model at work: a program, its input, and changes.
type at struct {
	Program Program  `json:"program"`
	Input   string   `json:"input"`
	Changes []Change `json:"changes,omitempty"`
}

// open reads the input of a model that is changed.
func (a *at) open(h *Host, ctx context.Context) (*look, error) {
	c, v, err := h.changed(ctx, a.Program, a.Changes)
	if err != nil {
		return nil, err
	}
	input, err := c.inputOf(a.Input)
	if err != nil {
		return nil, err
	}
	if len(input) > longestSeen {
		return nil, open.Faultf("limit", "rasp trace and rasp intervene take longer ones", "the input has %d tokens, and this page looks into %d at most", len(input), longestSeen)
	}
	return &look{c, v, input}, nil
}
