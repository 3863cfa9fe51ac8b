/* input.h - keys and what they ask for.  Pure. */
#ifndef ORRERY_VIEWER_INPUT_H
#define ORRERY_VIEWER_INPUT_H

/* Keys that are no characters. */
enum {
    KEY_TAB = 9,
    KEY_BACKSPACE = 8,
    KEY_ESCAPE = 27,
    KEY_SHIFT_TAB = 256,
    KEY_HOME,
    KEY_LEFT,
    KEY_RIGHT,
    KEY_UP,
    KEY_DOWN,
    KEY_F11,
    KEY_CONTROL_PLUS,
    KEY_CONTROL_MINUS
};

typedef enum action {
    ACTION_NONE,
#define ACTION(name, key, help, function, by) ACTION_##name,
#include "actions.def"
#undef ACTION
    ACTIONS
} action;

/* What a key asks for (capitals as small letters, '=' as '+'); ACTION_NONE: nothing. */
action input_action(int key);

/* For the help: the k-th action that is listed, false if there is none. */
int input_help(int k, char key[24], const char **text);

/* The methods on the number keys 1 to 9; "" for 0: the scenario's own. */
const char *input_method(action a);

#endif
