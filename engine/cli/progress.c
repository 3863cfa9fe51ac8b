#include "progress.h"

#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"

double wall_clock(void)
{
    return orr_clock();
}

progress progress_begin(bool quiet, bool json, double t_start, double t_end, const char *unit)
{
    double now = wall_clock();
    return (progress){.quiet = quiet,
                      .json = json,
                      .terminal = isatty(STDERR_FILENO),
                      .t_start = t_start,
                      .t_end = t_end,
                      .wall_start = now,
                      .wall_last = now,
                      .unit = unit};
}

/* A line that stands alone or, on a terminal, in place of the one before: cut off at its edge,
 * since what wraps could not be taken back. */
static void put_line(progress *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put_line(progress *p, const char *format, ...)
{
    char text[1024];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    struct winsize window;
    size_t room = 79, columns = 0, n = 0;
    if (p->terminal && ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 1)
        room = window.ws_col - 1U;
    for (; p->terminal && text[n]; n++) {
        columns += ((unsigned char)text[n] & 0xc0) != 0x80; /* of UTF-8 */
        if (columns > room)
            text[n--] = 0;
    }
    fprintf(stderr, p->terminal ? "\r\033[K%s" : "%s\n", text);
    fflush(stderr);
    p->line_open = p->terminal;
}

static void report(progress *p, double t, double now)
{
    double part = (t - p->t_start) / (p->t_end - p->t_start), elapsed = now - p->wall_start;
    double rate = (double)(p->steps - p->steps_last) / (now - p->wall_last);
    double left = part > 0 ? elapsed * (1 - part) / part : INFINITY;
    if (p->json) {
        json_begin("progress");
        json_number("t", t);
        json_number("fraction", part);
        json_number("steps", (double)p->steps);
        json_number("steps_per_second", rate);
        json_number("energy_error", p->energy_error);
        json_number("seconds_left", left);
        json_end();
        return;
    }
    char rest[32], error[32] = "";
    if (isfinite(p->energy_error))
        snprintf(error, sizeof error, "dE/E %.1e  ", p->energy_error);
    put_line(p, "t = %.6g%s%s  %5.1f %%  %.3g steps/s  %s%s left", t, *p->unit ? " " : "", p->unit,
             100 * part, rate, error, human_seconds(left, rest));
}

void progress_step(progress *p, double t, uint64_t steps, double energy_error)
{
    double now = wall_clock();
    p->steps = steps;
    p->energy_error = energy_error;
    if (now - p->wall_last < (p->terminal ? 0.2 : 10))
        return;
    if (!p->quiet)
        report(p, t, now);
    p->wall_last = now;
    p->steps_last = p->steps;
}

void progress_members(progress *p, double part, size_t members)
{
    if (!p->quiet && p->terminal)
        put_line(p, "%.1f %% of %zu members", 100 * part, members);
}

/* Is a line due?  Nothing that is over soon is worth one. */
static bool is_time(progress *p, double *elapsed)
{
    const double soon = 1;
    double now = wall_clock();
    *elapsed = now - p->wall_start;
    if (p->quiet || *elapsed < soon || now - p->wall_last < (p->terminal ? 0.2 : 10))
        return false;
    p->wall_last = now;
    return true;
}

static void write_line(progress *p, const char *what, const char *how_far, double part,
                       double elapsed)
{
    char text[32], left[48] = "";
    if (part > 0)
        snprintf(left, sizeof left, ", %s left",
                 human_seconds(fmax(0, elapsed * (1 - part) / part), text));
    put_line(p, "%s%s%s", what, how_far, left);
}

void progress_part(progress *p, const char *what, double part)
{
    double elapsed;
    char text[32];
    if (!is_time(p, &elapsed))
        return;
    snprintf(text, sizeof text, "%.1f %%", 100 * part);
    write_line(p, what, text, part, elapsed);
}

void progress_run(const orr_sim *sim, void *user)
{
    progress *p = user;
    progress_part(p, p->unit, (orr_sim_snapshot(sim).t - p->t_start) / (p->t_end - p->t_start));
}

void progress_count(progress *p, const char *what, uint64_t done, uint64_t all)
{
    double elapsed;
    char text[64];
    if (!is_time(p, &elapsed))
        return;
    snprintf(text, sizeof text, "%llu of %llu", (unsigned long long)done, (unsigned long long)all);
    write_line(p, what, text, (double)done / (double)all, elapsed);
}

progress loading_begin(bool quiet)
{
    double now = wall_clock();
    return (progress){
        .quiet = quiet, .terminal = isatty(STDERR_FILENO), .wall_start = now, .wall_last = now};
}

void progress_loading(void *user, const char *what, double done)
{
    progress *p = user;
    double now = wall_clock();
    if (p->quiet || now - p->wall_start < 2 || now - p->wall_last < (p->terminal ? 0.2 : 10))
        return;
    put_line(p, "%s: %.0f %%", what, 100 * done);
    p->wall_last = now;
}

void progress_end(progress *p)
{
    if (p->line_open)
        fputs("\r\033[K", stderr);
    p->line_open = false;
}

void catch_interrupts(void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = (int)(SA_RESETHAND | SA_RESTART)};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    struct sigaction hangup; /* of the terminal; under nohup it stays ignored */
    if (sigaction(SIGHUP, NULL, &hangup) == 0 && hangup.sa_handler != SIG_IGN)
        sigaction(SIGHUP, &action, NULL);
}

const char *ending(exit_code code)
{
    return code == EXIT_OK ? "finished" : code == EXIT_INTERRUPTED ? "stopped" : "failed";
}
