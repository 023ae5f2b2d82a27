package main

import "github.com/spf13/cobra"

// welcome is what rasp alone says before it lists the commands.
const welcome = `rasp interprets RASP programs and compiles them into transformers.

New here? "rasp new" writes a first program and says what to do with it,
"rasp list" shows the ready-made ones, "rasp repl" computes what you type, and
"rasp help select" explains a word of the language.`

// groups are the parts of the list of commands.
var groups = []struct {
	title    string
	commands []string
}{
	{"Write a program:", []string{"new", "check", "fmt", "run", "repl", "draw", "list", "show", "gallery", "puzzle", "learn"}},
	{"Make a model of it:", []string{"compile", "verify", "prove", "info", "export", "disguise", "suite", "corpus", "sample"}},
	{"Look into a model:", []string{"trace", "intervene", "circuit"}},
	{"Language models:", []string{"ngram", "next", "generate", "perplexity"}},
	{"Measure, and serve others:", []string{"bench", "scaling", "serve", "lsp"}},
	{"About rasp:", []string{"help", "completion", "version"}},
}

// groupCommands puts the commands into their groups; what is in none is listed last.
func groupCommands(root *cobra.Command) {
	of := map[string]string{}
	for _, g := range groups {
		root.AddGroup(&cobra.Group{ID: g.title, Title: g.title})
		for _, name := range g.commands {
			of[name] = g.title
		}
	}
	for _, c := range root.Commands() {
		c.GroupID = of[c.Name()]
	}
	root.SetHelpCommandGroupID(of["help"])
	root.SetCompletionCommandGroupID(of["completion"])
}
