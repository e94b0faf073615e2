package change

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/config"
	"certty/model"
	"certty/model/effect"
	"certty/ui/cli/command"
)

func newTags(env *command.Env) *cobra.Command {
	var c command.Changing
	cmd := &cobra.Command{
		Use:   "tags NAME [TAG=VALUE | TAG-]...",
		Short: "Show and change the tags of a certificate's current version",
		Long: `Shows the tags of a certificate, with -o json the row with its tags, or changes
them: TAG=VALUE sets one, TAG- takes one away, what is not named stays. The
difference is shown before it is sent, and it is sent only while the tags that
stand there are still those that were read.`,
		Example: `  certty tags shop
  certty tags shop env=prod owner=web old-
  certty tags prod/shop env=prod --yes`,
		Args: command.MinimumArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				return c.Reaching.With(cmd, env, args[0], config.KindVault, func(_ context.Context, _ *command.Fleet, row *command.Row) error {
					return printTags(env, &c, row)
				})
			}
			return onRow(cmd, env, &c, args[0], func(_ context.Context, _ *command.Fleet, row *command.Row) (command.Change, error) {
				return planTags(row, args[1:])
			})
		},
	}
	c.Add(cmd)
	return cmd
}

func planTags(row *command.Row, words []string) (command.Change, error) {
	life, err := lifecycle(row, row.Item.WhyNotLive())
	if err != nil {
		return command.Change{}, err
	}
	was := row.Item.Certificate.Tags
	want, err := changedTags(was, words)
	if err != nil {
		return command.Change{}, command.Usage(err)
	}
	lines := tagDifference(was, want)
	if len(lines) == 0 {
		return command.Change{}, row.Refuse("the tags are so already; nothing was sent")
	}
	ref := row.Item.Ref.Row()
	ref.Revision = row.Item.Certificate.Version
	lines = append(append([]string{where(row.Target)}, lines...), effect.Tags, sends("PATCH", "/certificates/"+ref.Key+"/"+ref.Revision))
	return command.Change{
		Question: command.Question{Title: title("Change the tags of", row), Lines: lines},
		Send: func(ctx context.Context) (backend.Change, error) {
			return life.Update(ctx, ref, model.Update{Tags: &want, TagsWere: &was})
		},
	}, nil
}

// changedTags are the tags after what words say.
func changedTags(was map[string]string, words []string) (map[string]string, error) {
	want := maps.Clone(was)
	if want == nil {
		want = map[string]string{}
	}
	for _, word := range words {
		name, value, sets := strings.Cut(word, "=")
		if !sets {
			bare, removes := strings.CutSuffix(word, "-")
			if !removes {
				return nil, fmt.Errorf("%q: TAG=VALUE sets a tag, TAG- takes it away", word)
			}
			if _, there := want[bare]; !there {
				return nil, fmt.Errorf("there is no tag %q", bare)
			}
			delete(want, bare)
			continue
		}
		want[strings.TrimSpace(name)] = value
	}
	return want, model.CheckTags(want)
}

// tagDifference says what changes, by name.
func tagDifference(was, want map[string]string) []string {
	names := slices.Concat(slices.Collect(maps.Keys(was)), slices.Collect(maps.Keys(want)))
	slices.Sort(names)
	var lines []string
	for _, name := range slices.Compact(names) {
		before, had := was[name]
		after, has := want[name]
		if had && (!has || before != after) {
			lines = append(lines, "- "+clean(name+"="+before))
		}
		if has && (!had || before != after) {
			lines = append(lines, "+ "+clean(name+"="+after))
		}
	}
	return lines
}

// printTags prints the tags of a row, one a line by name, or the row with them as
// JSON.
func printTags(env *command.Env, c *command.Changing, row *command.Row) error {
	asJSON, err := c.JSON()
	if err != nil {
		return err
	}
	if asJSON {
		return c.ReportJSON(env, row.Target, row.Item)
	}
	tags := row.Item.Certificate.Tags
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		if _, err := fmt.Fprintln(env.Stdout, clean(name+"="+tags[name])); err != nil {
			return err
		}
	}
	return nil
}
