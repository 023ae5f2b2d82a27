package formulas

import (
	"context"

	"rasp/cmd/rasp/open"
	"rasp/cmd/rasp/web/rpc"
	"rasp/lang"
	"rasp/runtime/model"
)

// methods compile programs anew each time.
func methods() rpc.Methods {
	return Methods(func(ctx context.Context, text string) (*model.Model, error) {
		program, err := parsed(text)
		if err != nil {
			return nil, err
		}
		made, err := open.Choices{Level: 1, Context: ctx}.Compile(program, nil)
		return made.Model, err
	})
}

func parsed(text string) (*lang.Program, error) {
	program, faults := lang.Parse("program.rasp", text)
	return program, faults.Err()
}
