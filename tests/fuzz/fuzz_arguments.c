/* fuzz_arguments.c - libFuzzer target: any words (one a line) as a command line.  Commands that
 * only read, on scenarios of the gallery, in an empty folder; no path leaves it. */
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int orrery_main(int argc, char **argv); /* main() of the program */

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    static char folder[] = "/dev/shm/orrery-fuzz-XXXXXX";
    if (!mkdtemp(folder) || chdir(folder) != 0 || !freopen("/dev/null", "w", stdout))
        abort();
    setenv("OMP_NUM_THREADS", "1", 1);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { MOST = 40 };
    static const char *const harmless[] = {"check", "list", "help",  "info",
                                           "diff",  "run",  "resume"};
    char text[2001], *words[MOST + 3] = {(char[]){"orrery"}}, *rest = text;
    int n = 1;
    if (size >= sizeof text)
        return 0;
    memcpy(text, data, size);
    text[size] = 0;
    if (strlen(text) != size || strchr(text, '/') || strstr(text, ".."))
        return 0;
    for (char *word; n <= MOST && (word = strsep(&rest, "\n"));)
        words[n++] = word;
    int known = 0;
    for (size_t k = 0; n > 1 && k < sizeof harmless / sizeof *harmless; k++)
        known |= strcmp(words[1], harmless[k]) == 0;
    if (n > 1 && strcmp(words[1], "run") == 0) { /* `--` would make it a word */
        memmove(words + 3, words + 2, (size_t)(n - 2) * sizeof *words);
        words[2] = (char[]){"--dry-run"};
        n++;
    }
    if (!known && n > 1 && words[1][0] != '-' && strlen(words[1]) > 2)
        words[1][0] = '?'; /* no command is called so */
    words[n] = NULL;
    optind = 0;
    int code = orrery_main(n, words);
    if (code < 0 || code > 5)
        abort();
    return 0;
}
