/* cmd_verify.c - `orrery verify`: problems with published answers, and how many digits agree. */
#include <unistd.h>

#include <orrery/verify.h>

#include "cli/progress.h"

static void tell(const arguments *a, const orr_known_problem *p, const orr_solution *r)
{
    const orr_answer *worst = &r->answers[r->worst];
    if (given(a, "json")) {
        json_begin("problem");
        json_text("name", p->name);
        json_number("expected", worst->expected);
        json_number("obtained", worst->obtained);
        json_number("digits", r->digits);
        json_number("needed", p->digits);
        json_text("state", r->good ? "ok" : "failed");
        json_number("seconds", r->seconds);
        json_end();
        return;
    }
    if (given(a, "quiet") && r->good)
        return;
    char took[32];
    int decimals = p->digits < 5 ? 7 : 15;
    printf("%-34s %21.*g %21.*g %5.1f  %4.1f  %7s  %s\n", p->name, decimals, worst->expected,
           decimals, worst->obtained, r->digits, p->digits, human_short(r->seconds, took),
           r->good ? "ok" : "FAILED");
    fflush(stdout);
}

static void tell_progress(void *user, const char *what, double part)
{
    char text[100];
    snprintf(text, sizeof text, "%s: ", what);
    progress_part(user, text, part);
}

/* Solves it, tells, and says whether it has enough digits. */
static bool solve(const arguments *a, const orr_known_problem *p, bool talk)
{
    orr_solution r;
    orr_diagnosis why;
    progress look = progress_begin(false, false, 0, 1, "");
    orr_solving solving = {.progress = p->takes_long ? tell_progress : NULL,
                           .progress_user = &look};
    if (talk && look.terminal)
        fprintf(stderr, "%s ...", p->name);
    orr_status status = orr_known_problem_solve(p, gallery_folder(), &solving, &r, &why);
    progress_end(&look);
    if (talk && look.terminal)
        fputs("\r\033[K", stderr);
    if (status != ORR_OK)
        print_diagnosis(&why);
    tell(a, p, &r);
    return r.good;
}

static exit_code run(const arguments *a)
{
    size_t failed = 0, n = 0;
    double start = wall_clock();
    const orr_known_problem *p;
    bool talk = !given(a, "quiet") && !given(a, "json");
    if (talk)
        printf("%-34s %21s %21s %5s  %4s  %7s\n", "problem (the worst of its numbers)", "expected",
               "obtained", "digits", "need", "time");
    for (size_t k = 0; (p = orr_known_problem_at(k)) != NULL; k++) {
        if (p->takes_long && !given(a, "long"))
            continue;
        failed += !solve(a, p, talk);
        n++;
    }
    char took[32];
    if (talk)
        printf("%zu of %zu problems solved to the digits needed, in %s\n", n - failed, n,
               human_seconds(wall_clock() - start, took));
    for (size_t k = 0; given(a, "sources") && (p = orr_known_problem_at(k)) != NULL; k++)
        printf("  %-34s %s\n", p->name, p->source);
    return failed ? EXIT_MISSED : EXIT_OK;
}

const command command_verify = {
    .name = "verify",
    .summary = "solve problems with published answers, and compare",
    .usage = "verify [--long]",
    .help =
        "Solves problems whose answers are known, and shows how many digits agree. Digits are "
        "those\n"
        "of the error relative to the distance (positions) or to the number. Exit code 5 if one\n"
        "has fewer than it needs.",
    .least_words = 0,
    .most_words = 0,
    .run = run,
};
