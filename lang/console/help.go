package console

func (c *Console) help(string) bool { return false }
