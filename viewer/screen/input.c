/* input.c - see input.h. */
#include "input.h"

#include <stdio.h>
#include <string.h>

static const struct {
    int key;
    const char *help;
} table[ACTIONS] = {
#define ACTION(name, key, help, function, by) [ACTION_##name] = {key, help},
#include "actions.def"
#undef ACTION
};

action input_action(int key)
{
    if (key >= 'A' && key <= 'Z')
        key += 'a' - 'A';
    if (key == '=')
        key = '+';
    if (key == '?')
        key = 'h';
    for (int a = 1; a < ACTIONS; a++)
        if (table[a].key == key)
            return (action)a;
    return ACTION_NONE;
}

static void key_name(int key, char out[24])
{
    static const struct {
        int key;
        const char *name;
    } special[] = {{' ', "Space"},
                   {KEY_TAB, "Tab"},
                   {KEY_ESCAPE, "Esc"},
                   {KEY_BACKSPACE, "Backspace"},
                   {KEY_HOME, "Home"},
                   {KEY_LEFT, "Arrows"},
                   {KEY_F11, "F11"},
                   {KEY_CONTROL_PLUS, "Ctrl +"},
                   {KEY_CONTROL_MINUS, "Ctrl -"}};
    snprintf(out, 24, "%c", key >= 'a' && key <= 'z' ? key - 'a' + 'A' : key < 128 ? key : '?');
    for (size_t k = 0; k < sizeof special / sizeof *special; k++)
        if (special[k].key == key)
            snprintf(out, 24, "%s", special[k].name);
}

int input_help(int k, char key[24], const char **text)
{
    for (int a = 1; a < ACTIONS; a++)
        if (*table[a].help && k-- == 0) {
            key_name(table[a].key, key);
            *text = table[a].help;
            return 1;
        }
    return 0;
}

const char *input_method(action a)
{
    static const char *const methods[] = {"",         "euler",  "leapfrog", "rk4", "yoshida4",
                                          "hermite4", "dopri5", "ias15",    "wh",  "taylor"};
    return a >= ACTION_METHOD_0 && a <= ACTION_METHOD_9 ? methods[a - ACTION_METHOD_0] : NULL;
}
