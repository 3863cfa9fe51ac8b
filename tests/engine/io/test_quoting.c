/* Text from outside in CSV, YAML, JSON, XML and on a terminal. */
#include "check.h"

#include <stdlib.h>

#include "io/quoting.h"

static char *with(void (*write)(FILE *, const char *), const char *text)
{
    char *all = NULL;
    size_t size;
    FILE *out = open_memstream(&all, &size);
    write(out, text);
    fclose(out);
    return all;
}

#define IS(write, text, expected)                                                                  \
    do {                                                                                           \
        char *got = with(write, text);                                                             \
        assert_string_equal(got, expected);                                                        \
        free(got);                                                                                 \
    } while (0)

static void csv(void **state)
{
    (void)state;
    IS(orr_write_csv, "Mars", "Mars");
    IS(orr_write_csv, "a b", "a b");
    IS(orr_write_csv, "", "\"\"");
    IS(orr_write_csv, "a,b", "\"a,b\"");
    IS(orr_write_csv, "\"q\"", "\"\"\"q\"\"\"");
    IS(orr_write_csv, " x", "\" x\"");
    IS(orr_write_csv, "#x", "\"#x\"");
    IS(orr_write_csv, "a\nb", "\"a\nb\"");
}

static void yaml_and_json(void **state)
{
    (void)state;
    IS(orr_write_yaml, "a\"b\\c", "\"a\\\"b\\\\c\"");
    IS(orr_write_yaml, "\x1b[0m\n", "\"\\x1b[0m\\x0a\"");
    IS(orr_write_yaml, "\xc2\x9b\xe2\x80\xa8\xc3\xa9", "\"\\x9b\\u2028\xc3\xa9\"");
    IS(orr_write_json, "a\"b\\c\n", "\"a\\\"b\\\\c\\u000a\"");
    IS(orr_write_json, "\x1b\xe9\xc3\xa9", "\"\\u001b\\ufffd\xc3\xa9\"");
}

static void others(void **state)
{
    (void)state;
    IS(orr_write_xml, "<a & 'b'>", "&#60;a &#38; &#39;b&#39;&#62;");
    IS(orr_write_xml, "\x1b", "\xef\xbf\xbd");
    IS(orr_write_terminal, "a\tb\n", "a\tb\n");
    IS(orr_write_terminal, "\x1b[31m\x7f\xc2\x9b\xe2\x80\xae", "\\x1b[31m\\x7f\\u009b\\u202e");
    /* cut off, overlong, a surrogate, too large, a lonely end */
    IS(orr_write_terminal, "\xc3", "\\xc3");
    IS(orr_write_terminal, "\xc0\xaf", "\\xc0\\xaf");
    IS(orr_write_terminal, "\xed\xa0\x80", "\\xed\\xa0\\x80");
    IS(orr_write_terminal, "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80");
    IS(orr_write_terminal, "\x80", "\\x80");
    IS(orr_write_terminal, "\xf0\x9f\x8c\x8d", "\xf0\x9f\x8c\x8d");
}

static void names(void **state)
{
    (void)state;
    char why[120];
    CHECK(orr_is_name("\"B\", \\ 'x' \xe4\xb8\xad", 80, why, sizeof why));
    CHECK(!orr_is_name("", 80, why, sizeof why) && !orr_is_name("abc", 2, why, sizeof why));
    CHECK(!orr_is_name("ab\x1b", 80, why, sizeof why) && strstr(why, "U+001B is at byte 3"));
    CHECK(!orr_is_name("a\xe9", 80, why, sizeof why) && strstr(why, "byte 2 is 0xe9"));
    CHECK(!orr_is_name("\xc2\x85", 80, why, sizeof why) && strstr(why, "U+0085"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(csv), cmocka_unit_test(yaml_and_json),
                                       cmocka_unit_test(others), cmocka_unit_test(names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
