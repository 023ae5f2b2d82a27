package picture

import (
	"bytes"
	"fmt"
	"html"
)

// pageText writes HTML; texts are escaped, what is made here is not.
type pageText struct{ bytes.Buffer }

// put writes a format; strings are escaped.
func (t *pageText) put(format string, args ...any) {
	for i, a := range args {
		if text, ok := a.(string); ok {
			args[i] = html.EscapeString(text)
		}
	}
	fmt.Fprintf(t, format, args...)
}

// wide has a drawing that may be wider than the window.
func (t *pageText) wide(title string, drawing []byte) {
	if len(drawing) > 0 {
		t.put("<h2>%s</h2>\n", title)
		t.put("<div class=\"wide\" tabindex=\"0\">%s</div>\n", drawing)
	}
}

// hiddenIf is an attribute.
func hiddenIf(hidden bool) []byte {
	if hidden {
		return []byte(" hidden")
	}
	return nil
}

// html is the page. What depends on the input is drawn by the script.
func (d *pageData) html() []byte {
	t := &pageText{}
	t.WriteString("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n")
	t.WriteString("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n")
	t.put("<title>%s</title>\n<style>\n%s\n%s</style>\n</head>\n<body>\n<h1>%s</h1>\n", d.Title, []byte(style), []byte(pageStyle), d.Title)
	if d.About != "" {
		t.put("<p>%s</p>\n", d.About)
	}
	if d.Index != "" {
		t.put("<p><a href=\"%s\">all programs</a></p>\n", d.Index)
	}
	t.controls(d)
	if d.Text != "" {
		t.put("<h2>the program</h2>\n<pre tabindex=\"0\">%s</pre>\n", d.Text)
	}
	t.wide("what the program computes on the first input", d.Flow)
	t.WriteString("<h2>the model</h2>\n<p class=\"note\">Tables have what the model holds of each s-op, by position; ~ stands where it does not tell the value from some others. QK maps are as dark as softmax weighs a key beside the best one; OV maps show what each key adds, blue above 0 and orange below.</p>\n")
	t.held(d.Given)
	for _, l := range d.Layers {
		t.layer(l)
	}
	if d.Predicts {
		t.next(d.Tempers)
	}
	t.wide("the residual stream", []byte(d.Stream))
	if len(d.Circuit) > 0 {
		t.WriteString("<h2>the circuit</h2>\n<p class=\"note\">What depends on the input, over all inputs: which parts read what others write.</p>\n")
		t.put("<div class=\"wide\" tabindex=\"0\">%s</div>\n", d.Circuit)
	}
	t.put("<script>\nconst data = %s;\n%s</script>\n</body>\n</html>\n", d.Data, []byte(pageScript))
	return t.Bytes()
}

// controls are what moves.
func (t *pageText) controls(d *pageData) {
	t.WriteString("<noscript><p class=\"note\">What depends on the input is drawn by a script; rasp draw makes an .svg that needs none.</p></noscript>\n")
	t.put("<div id=\"control\"><div%s><label>Input <input type=\"range\" id=\"input\" min=\"0\" max=\"%d\" value=\"0\" aria-describedby=\"which\"></label> <output id=\"which\" for=\"input\"></output></div>\n", hiddenIf(d.Inputs == 1), d.Inputs-1)
	t.WriteString("<label>Sharpness of softmax <input type=\"range\" id=\"sharp\" min=\"-41\" max=\"10\" value=\"0\" aria-describedby=\"says\"></label>\n")
	t.WriteString("<button id=\"reset\" type=\"button\">as in the model</button> <output id=\"says\" for=\"sharp\"></output><br>\n")
	t.WriteString("<label><input type=\"checkbox\" id=\"shares\" checked> of heads that add up, show how what BOS leaves is shared</label></div>\n<div id=\"results\" aria-live=\"polite\"></div>\n")
}

// held has a row for each s-op.
func (t *pageText) held(list []pageHolding) {
	if len(list) == 0 {
		return
	}
	t.WriteString("<div class=\"wide\" tabindex=\"0\"><table>")
	for _, h := range list {
		t.put("<tr data-held=\"%d\"><th scope=\"row\"", h.Index)
		if h.Line > 0 {
			t.put(" title=\"line %d\"", h.Line)
		}
		t.put(">%s</th></tr>\n", h.SOp)
	}
	t.WriteString("</table></div>\n")
}

func (t *pageText) layer(l pageLayer) {
	t.put("<h2>layer %d</h2>\n", l.Number)
	for _, h := range l.Heads {
		t.put("<h3>%s</h3>\n", h.Title)
		if h.Brings != "" {
			t.put("<div class=\"note\">brings %s</div>\n", h.Brings)
		}
		if h.Note != "" {
			t.put("<div class=\"note shares\">%s</div>\n", h.Note)
		}
		t.put("<div class=\"wide head\" tabindex=\"0\" role=\"group\" aria-label=\"%s\" data-head=\"%d\"></div>\n", h.Title, h.Index)
		t.put("<div class=\"wide maps\" tabindex=\"0\" role=\"group\" aria-label=\"QK and OV of %s\" data-maps=\"%d\"></div>\n", h.Title, h.Index)
	}
	t.held(l.Held)
}

// next is where the bars of a prediction come.
func (t *pageText) next(tempers bool) {
	t.put("<h2>the next token</h2>\n<div%s><label>Temperature <input type=\"range\" id=\"temperature\" min=\"-20\" max=\"20\" value=\"0\" aria-describedby=\"tempered\"></label> <output id=\"tempered\" for=\"temperature\"></output></div>\n", hiddenIf(!tempers))
	if !tempers {
		t.WriteString("<p class=\"note\">There are too many tokens for a slider of temperature; rasp next --temperature shows it.</p>\n")
	}
	t.WriteString("<div class=\"wide\" tabindex=\"0\" id=\"next\"></div>\n")
}
