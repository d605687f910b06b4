// `render.go JOBS`: reads [{"template", "messages": [{"role", "content"}]}] from a file, and prints what each template makes
// of its messages, as a JSON list. Turn by turn, as Ollama does with a template that has no messages of its own: a system
// message, a question and an answer at a time, and the last one up to where its answer would begin.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"text/template"
)

type message struct{ Role, Content string }

type turn struct{ System, Prompt, Response string }

type job struct {
	Template string
	Messages []message
}

// A noncharacter, which no text holds, where an answer would begin.
const answer = "\uFDD0"

func turnsOf(messages []message) []turn {
	turns := []turn{{}}
	for _, each := range messages {
		last := &turns[len(turns)-1]
		isNext := last.Response != "" || each.Role == "system" && last.Prompt != ""
		if isNext {
			turns = append(turns, turn{})
			last = &turns[len(turns)-1]
		}
		switch each.Role {
		case "system":
			last.System = each.Content
		case "user":
			last.Prompt = each.Content
		default:
			last.Response = each.Content
		}
	}
	return turns
}

func render(one job) (string, error) {
	parsed, err := template.New("").Option("missingkey=zero").Parse(one.Template)
	if err != nil {
		return "", err
	}
	turns := turnsOf(one.Messages)
	turns[len(turns)-1].Response = answer
	var text strings.Builder
	for _, each := range turns {
		if err := parsed.Execute(&text, each); err != nil {
			return "", err
		}
	}
	before, _, _ := strings.Cut(text.String(), answer)
	return before, nil
}

func main() {
	file, err := os.ReadFile(os.Args[1])
	var jobs []job
	if err == nil {
		err = json.Unmarshal(file, &jobs)
	}
	texts := []string{}
	for _, each := range jobs {
		var text string
		if err == nil {
			text, err = render(each)
		}
		texts = append(texts, text)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(texts)
}
