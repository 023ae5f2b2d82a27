package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rasp/lang/diag"
	"rasp/lang/ngram"
	"rasp/runtime/atomicfile"
	"rasp/runtime/text"
)

// classFlags say which classes words are put into.
type classFlags struct {
	classes string // a file, or how many to find
	write   string
}

func (f *classFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.classes, "classes", "", "predict classes of words from classes: those of this file, a line \"word class\" for each word, or so\nmany that are found in the text")
	flags.StringVar(&f.write, "write-classes", "", "write the classes that are found to this file")
}

// number of the classes to find; false for those of a file.
func (f *classFlags) number() (k int, find bool) {
	k, err := strconv.Atoi(f.classes)
	return k, err == nil || errors.Is(err, strconv.ErrRange)
}

func (f *classFlags) check(cmd *cobra.Command, order int) error {
	k, find := f.number()
	switch {
	case f.write != "" && !find:
		return usagef("", "--write-classes: only classes that are found are written (--classes 100)")
	case f.classes == "":
		if cmd.Flags().Changed("classes") {
			return usagef("", "--classes: a file, or a number")
		}
	case find && (k < 1 || k > ngram.MaxClasses):
		return usagef("a file of that name is ./"+f.classes, "--classes: 1 to %d classes are found, not %s", ngram.MaxClasses, f.classes)
	case find && order == 1:
		return usagef("", "--classes: they are found from pairs of tokens (--order 2 or more)")
	}
	return nil
}

// of a text are the classes of its words.
func (f *classFlags) of(cmd *cobra.Command, c *ngram.Counts, split text.Split) (*ngram.ClassCounts, error) {
	k, find := f.number()
	if !find {
		classes, err := f.read(cmd, split)
		if err != nil {
			return nil, err
		}
		in, err := c.InClasses(classes)
		if err != nil {
			return nil, inFile(f.classes, err)
		}
		return in, nil
	}
	classes, err := c.Cluster(cmd.Context(), k)
	if err != nil {
		return nil, err
	}
	if f.write != "" {
		if err := atomicfile.Write(f.write, classes.Write); err != nil {
			return nil, err
		}
	}
	return c.InClasses(classes)
}

func (f *classFlags) read(cmd *cobra.Command, split text.Split) (*ngram.Classes, error) {
	in, err := text.Open(f.classes, cmd.InOrStdin())
	if err != nil {
		return nil, err
	}
	defer in.Close()
	content, err := io.ReadAll(in)
	if err != nil {
		return nil, err
	}
	return ngram.ReadClasses(nameOfText(f.classes), string(content), split)
}

func printClasses(to io.Writer, u *ngram.ClassUsage) {
	fmt.Fprintf(to, "classes\t%d, of %s", u.Classes, diag.Count(u.Words, "word"))
	switch u.Single {
	case 0:
	case 1:
		fmt.Fprint(to, "; 1 more word is a class of its own")
	default:
		fmt.Fprintf(to, "; %d more words are classes of their own", u.Single)
	}
	switch u.Unseen {
	case 0:
	case 1:
		fmt.Fprint(to, "; 1 of the file is left out, not being in the vocabulary")
	default:
		fmt.Fprintf(to, "; %d of the file are left out, not being in the vocabulary", u.Unseen)
	}
	fmt.Fprintln(to)
}
