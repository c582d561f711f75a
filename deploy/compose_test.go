package deploy_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

type composeService struct {
	Image       string            `yaml:"image"`
	Build       string            `yaml:"build"`
	User        string            `yaml:"user"`
	ReadOnly    bool              `yaml:"read_only"`
	CapDrop     []string          `yaml:"cap_drop"`
	CapAdd      []string          `yaml:"cap_add"`
	SecurityOpt []string          `yaml:"security_opt"`
	Privileged  bool              `yaml:"privileged"`
	MemLimit    string            `yaml:"mem_limit"`
	PidsLimit   int               `yaml:"pids_limit"`
	NetworkMode string            `yaml:"network_mode"`
	Networks    []string          `yaml:"networks"`
	Ports       []string          `yaml:"ports"`
	Environment map[string]string `yaml:"environment"`
}

func readCompose(t *testing.T) map[string]composeService {
	t.Helper()
	var file struct {
		Services map[string]composeService `yaml:"services"`
	}
	if err := yaml.Unmarshal([]byte(readFile(t, "../compose.yaml")), &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Services) < 8 {
		t.Fatalf("only %d services", len(file.Services))
	}
	return file.Services
}

var fixedTag = regexp.MustCompile(`^[a-z/]+:\d+\.\d+(\.\d+)?(-[a-z]+)?$`)

func TestCompose_Confined(t *testing.T) {
	t.Parallel()
	for name, s := range readCompose(t) {
		alone := s.NetworkMode == "none" // it may give files away, and nobody reaches it
		switch {
		case !s.ReadOnly, !slices.Equal(s.CapDrop, []string{"ALL"}), len(s.CapAdd) > 0 && !alone, s.Privileged, !slices.Contains(s.SecurityOpt, "no-new-privileges:true"):
			t.Errorf("%s may write to its own files or has capabilities", name)
		case s.MemLimit == "", s.PidsLimit == 0:
			t.Errorf("%s has no limit of memory or processes", name)
		case s.User == "", !alone && strings.HasPrefix(s.User, "root"), strings.HasPrefix(s.User, "0"):
			t.Errorf("%s runs as root", name)
		case s.Build == "" && !fixedTag.MatchString(s.Image):
			t.Errorf("%s has the image %q, which is no fixed version", name, s.Image)
		}
	}
	for line := range strings.Lines(readFile(t, "../Dockerfile")) {
		image, ok := strings.CutPrefix(strings.TrimSpace(line), "FROM ")
		image, _, _ = strings.Cut(image, " ")
		if ok && image != "scratch" && !strings.Contains(image, ".") {
			t.Errorf("the Dockerfile has the image %q, which is no fixed version", image)
		}
	}
}

func TestCompose_Reachable(t *testing.T) {
	t.Parallel()
	for name, s := range readCompose(t) {
		if want := map[string]int{"balancer": 1}[name]; len(s.Ports) != want {
			t.Errorf("%s publishes %q", name, s.Ports)
		}
		if strings.HasPrefix(s.Image, "postgres") && s.NetworkMode != "none" && !slices.Equal(s.Networks, []string{"data"}) {
			t.Errorf("%s is on the networks %q", name, s.Networks)
		}
		if s.Image == "docket" && s.Environment["METRICS_ADDR"] != "" && strings.Contains(strings.Join(s.Ports, " "), "9090") {
			t.Errorf("%s publishes its metrics", name)
		}
	}
}

// Every file that is named exists: of this tree, or of what secrets.sh makes.
func TestCompose_FilesExist(t *testing.T) {
	t.Parallel()
	made := makeSecrets(t)
	named := regexp.MustCompile(`(/secrets|/deploy|/docs|\./deploy)/([\w.-]+)`)
	for _, path := range []string{"../compose.yaml", "nginx.conf", "primary.sh", "replica.sh", "role.sh"} {
		for _, match := range named.FindAllStringSubmatch(readFile(t, path), -1) {
			dir := map[string]string{"/secrets": made, "/deploy": ".", "./deploy": ".", "/docs": "../docs"}[match[1]]
			if _, err := os.Stat(filepath.Join(dir, match[2])); err != nil {
				t.Errorf("%s names %s, which is not there", path, match[0])
			}
		}
	}
	for name, s := range readCompose(t) {
		want := map[string]string{"migrate": "/secrets/owner_url", "docket-1": "/secrets/database_url", "docket-2": "/secrets/database_url"}[name]
		if got := s.Environment["DATABASE_URL_FILE"]; got != want {
			t.Errorf("%s has the database of %q, want %q", name, got, want)
		}
	}
}
