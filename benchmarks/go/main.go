// Measures once what no loop over one operation can measure. Without arguments it prints the names of its
// scenarios; with one of them, lines of scenario, metric, value and unit, separated by tabs.
package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"time"
)

// Every program gets 1, or by how much smaller it is to be for a trial.
var programs = map[string]func(report report, divisor int){
	"fan-out-1":       func(r report, d int) { fanOut(r, 1, d) },
	"fan-out-1000":    func(r report, d int) { fanOut(r, 1_000, d) },
	"fan-out-100000":  func(r report, d int) { fanOut(r, 100_000, d) },
	"fan-out-1000000": func(r report, d int) { fanOut(r, 1_000_000, d) },

	"wake-up-canceller-goes-on": func(r report, d int) { wakeUp(r, false, d) },
	"wake-up-canceller-blocks":  func(r report, d int) { wakeUp(r, true, d) },

	"firing":                firing,
	"firing-after-func":     firing,
	"saturation":            saturation,
	"saturation-after-func": saturation,

	"footprint-child":            func(r report, d int) { footprint(r, child, d) },
	"footprint-child-listened":   func(r report, d int) { footprint(r, listenedTo(child), d) },
	"footprint-child-done":       func(r report, d int) { footprint(r, asked(child), d) },
	"footprint-timeout":          func(r report, d int) { footprint(r, timeoutChild, d) },
	"footprint-timeout-listened": func(r report, d int) { footprint(r, listenedTo(timeoutChild), d) },
	"footprint-value":            func(r report, d int) { footprint(r, valueChild, d) },
	"footprint-registration":     func(r report, d int) { footprint(r, registration, d) },

	"forgotten-plain":   func(r report, d int) { forgotten(r, child, d) },
	"forgotten-timeout": func(r report, d int) { forgotten(r, tenMinutesChild, d) },
	"forgotten-value":   func(r report, d int) { forgotten(r, childWithValue, d) },
	"forgotten-polled":  func(r report, d int) { forgotten(r, polled, d) },
}

func main() {
	if len(os.Args) < 2 {
		for _, name := range slices.Sorted(maps.Keys(programs)) {
			fmt.Println(name)
		}
		return
	}
	program, known := programs[os.Args[1]]
	if !known {
		fmt.Fprintln(os.Stderr, "there is no program", os.Args[1])
		os.Exit(1)
	}
	divisor := 1
	if len(os.Args) > 2 {
		divisor, _ = strconv.Atoi(os.Args[2])
	}
	program(report(os.Args[1]), divisor)
}

// report is where a program says what it measured; it is the name of the scenario.
type report string

func (r report) say(metric string, value float64, unit string) {
	fmt.Printf("%s\t%s\t%.3f\t%s\n", string(r), metric, value, unit)
}

// percentile sorts the samples and returns the one below which the given part of them lies.
func percentile(samples []time.Duration, part float64) time.Duration {
	slices.Sort(samples)
	return samples[min(len(samples)-1, int(part*float64(len(samples))+0.5))]
}
