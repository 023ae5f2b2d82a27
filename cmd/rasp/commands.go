package main

import "github.com/spf13/cobra"

// group is a part of the list of commands.
type group struct {
	title    string
	commands []maker
}

// maker makes the command of a name.
type maker struct {
	name string
	make func() *cobra.Command
}

// commandGroups are all commands. The last group has none of a title: what is in it is listed
// nowhere. It is a function, for some of the commands name all of them.
func commandGroups() []group {
	return []group{
		{"Write a program:", []maker{
			{"new", newCommand}, {"check", checkCommand}, {"fmt", fmtCommand}, {"run", runCommand}, {"repl", replCommand},
			{"draw", drawCommand}, {"list", listCommand}, {"show", showCommand}, {"gallery", galleryCommand},
			{"puzzle", puzzleCommand}, {"learn", learnCommand},
		}},
		{"Make a model of it:", []maker{
			{"compile", compileCommand}, {"verify", verifyCommand}, {"prove", proveCommand}, {"info", infoCommand},
			{"export", exportCommand}, {"disguise", disguiseCommand}, {"suite", suiteCommand}, {"corpus", corpusCommand},
			{"sample", sampleCommand},
		}},
		{"Look into a model:", []maker{
			{"trace", traceCommand}, {"intervene", interveneCommand}, {"circuit", circuitCommand},
		}},
		{"Language models:", []maker{
			{"ngram", ngramCommand}, {"next", nextCommand}, {"generate", generateCommand}, {"perplexity", perplexityCommand},
		}},
		{"Measure, and serve others:", []maker{
			{"bench", benchCommand}, {"scaling", scalingCommand}, {"serve", serveCommand}, {"lsp", lspCommand},
		}},
		{aboutRasp, []maker{{"version", versionCommand}}},
		{"", []maker{{"man", manCommand}}},
	}
}

// aboutRasp is the group of help and completion, too, which are made last.
const aboutRasp = "About rasp:"

// addCommands adds all commands to rasp, in their groups.
func addCommands(root *cobra.Command) {
	for _, g := range commandGroups() {
		if g.title != "" {
			root.AddGroup(&cobra.Group{ID: g.title, Title: g.title})
		}
		for _, m := range g.commands {
			cmd := m.make()
			cmd.GroupID = g.title
			root.AddCommand(cmd)
		}
	}
	root.SetHelpCommandGroupID(aboutRasp)
	root.SetCompletionCommandGroupID(aboutRasp)
}

// commandNamed is the command of a name, made alone, or nil if there is none.
func commandNamed(name string) *cobra.Command {
	for _, g := range commandGroups() {
		for _, m := range g.commands {
			if m.name == name {
				return m.make()
			}
		}
	}
	return nil
}
