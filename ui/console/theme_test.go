package console

import (
	"testing"

	"certty/config"
	"certty/ui/theme"
)

// TestTheme: the setting counts over COLORFGBG, NO_COLOR over both.
func TestTheme(t *testing.T) {
	for _, tt := range []struct {
		setting          config.Theme
		colorfgbg, plain string
		color            bool
		want             theme.Background
	}{
		{config.ThemeAuto, "", "", true, theme.Dark},
		{config.ThemeAuto, "0;15", "", true, theme.Light},
		{config.ThemeAuto, "15;0", "", true, theme.Dark},
		{config.ThemeDark, "0;15", "", true, theme.Dark},
		{config.ThemeLight, "15;0", "", true, theme.Light},
		{config.ThemeLight, "", "1", false, theme.Light},
		{config.ThemeMono, "0;15", "", false, theme.Light},
	} {
		env := map[string]string{"TERM": "xterm", "LANG": "C.UTF-8", "COLORFGBG": tt.colorfgbg, "NO_COLOR": tt.plain}
		got := themeOptions(&config.Config{Theme: tt.setting}, func(k string) (string, bool) { v, ok := env[k]; return v, ok })
		if got.Color != tt.color || got.Background != tt.want {
			t.Errorf("theme %s, COLORFGBG=%q, NO_COLOR=%q: color %t on background %d, want %t on %d",
				tt.setting, tt.colorfgbg, tt.plain, got.Color, got.Background, tt.color, tt.want)
		}
	}
}
