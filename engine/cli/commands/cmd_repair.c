/* cmd_repair.c - `orrery repair`: what is left of a damaged output file, as a file that opens. */
#include <math.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/guard.h"
#include "cli/progress.h"

static void tell(const arguments *a, const char *copy, const orr_repair_report *p)
{
    char size[32];
    if (given(a, "json")) {
        json_begin("repaired");
        json_text("file", copy);
        json_text("state", p->state);
        json_number("missing_bytes", p->missing_bytes);
        json_number("snapshots_counted", (double)p->counted_frames);
        json_number("snapshots", (double)p->frames);
        json_number("snapshots_lost", (double)p->lost_frames);
        json_number("lost_from", p->t_lost_first);
        json_number("lost_to", p->t_lost_last);
        json_number("diagnostics", (double)p->diagnostics);
        json_number("events", (double)p->events);
        json_end();
        return;
    }
    if (given(a, "quiet"))
        return;
    print_text("%s\n  snapshots     %zu are whole, %zu are lost", copy, p->frames, p->lost_frames);
    if (isfinite(p->t_lost_first))
        printf(" (t = %.10g to %.10g)", p->t_lost_first, p->t_lost_last);
    printf("\n  diagnostics   %zu rows of %zu that were counted\n", p->diagnostics,
           p->counted_diagnostics);
    if (p->missing_bytes > 0)
        printf("  length        %s were missing at its end\n", human_bytes(p->missing_bytes, size));
    if (!p->has_sums)
        puts("  format 1.0    has no checksums: a snapshot may be damaged without being noticed");
}

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

typedef struct line {
    bool talk;
    double begun, next; /* [s] */
} line;

static bool follow(double part, void *user)
{
    line *l = user;
    double now = wall_clock();
    if (l->talk && now >= l->next && part > 0) {
        char left[32];
        fprintf(stderr, "\r\033[K%.0f %% repaired, %s left", 100 * part,
                human_seconds((now - l->begun) * (1 - part) / part, left));
        l->next = now + 0.2;
    }
    return !interrupted;
}

static exit_code run(const arguments *a)
{
    char copy[4200], part[4300];
    orr_repair_report report;
    orr_diagnosis why;
    line l = {.begun = wall_clock(), .next = wall_clock() + 1};
    l.talk = !given(a, "quiet") && isatty(STDERR_FILENO);
    output_beside(a, a->words[0], "repaired.h5", copy);
    snprintf(part, sizeof part, "%s.part-%ld", copy, (long)getpid());
    guard_removes(part);
    catch_interrupts(on_signal);
    orr_status status = orr_repair(a->words[0], copy, given(a, "force"), follow, &l, &report, &why);
    guard_removes(NULL);
    if (l.talk)
        fputs("\r\033[K", stderr);
    if (status == ORR_OK)
        tell(a, copy, &report);
    else
        print_diagnosis(&why);
    return status == ORR_OK ? EXIT_OK : status == ORR_E_STOPPED ? EXIT_INTERRUPTED : EXIT_FILES;
}

const command command_repair = {
    .name = "repair",
    .summary = "save what a damaged output file still holds",
    .usage = "repair [options] FILE.h5",
    .help =
        "A killed run needs no repair, and `orrery resume` needs none after a power cut. This is "
        "for files\n"
        "that were cut off (a copy that broke down), or lost pages on a bad disk: it writes a copy "
        "that every\n"
        "HDF5 reader opens, with all snapshots whose checksum is right, and says which are lost. "
        "The damaged\n"
        "file is left as it is.",
    .least_words = 1,
    .most_words = 1,
    .takes = TAKES_OUTPUT,
    .run = run,
};
