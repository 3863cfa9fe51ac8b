/* `table:` - the forms in which people's tables come. */
#include "tables.h"

static char path[64];

static const char *write_bytes(const char *bytes, size_t size)
{
    static char key[96];
    FILE *out = fopen(path, "wb");
    CHECK(out && fwrite(bytes, 1, size, out) == size);
    fclose(out);
    snprintf(key, sizeof key, "table: %s, around: Sun", path);
    return key;
}

static const char *written(const char *text)
{
    return write_bytes(text, strlen(text));
}

/* A group of a table of test bodies with more keys. */
static const char *group(const char *text, const char *keys)
{
    static char out[2000];
    snprintf(out, sizeof out, "%s, role: test, name: m%s%s", written(text), *keys ? ", " : "",
             keys);
    return out;
}

static double x_of(const char *text, const char *keys, const char *name)
{
    orr_scenario s = must_read("epoch: JD 2459000.5", group(text, keys));
    double x = body_named(&s, name).pos[0];
    orr_scenario_free(&s);
    return x;
}

/* Each is the same orbit, at its pericentre at x = 1.5 (1 - 0.1). */
static void forms(void **state)
{
    (void)state;
    const struct {
        const char *text, *keys;
    } same[] = {
        {"name,a,e\nX,1.5,0.1\n", ""},
        {"\xef\xbb\xbfname,a,e\nX,1.5,0.1\n", ""},
        {"name,a,e\r\nX,1.5,0.1\r\n", ""},
        {"name,a,e\rX,1.5,0.1\r", ""},
        {"name;a;e\nX;1.5;0.1\n", ""},
        {"name;a;e\nX;1,5;0,1\n", "decimal: comma"},
        {"name;a;e\nX;1,5;0,1\nY;2,5;0\n", "decimal: comma, where: 'a < 2'"},
        {"name\ta\te\nX\t1.5\t0.1\n", ""},
        {"name|a|e\nX|1.5|0.1\n", ""},
        {"name a [au] e\nX  1.5     0.1\n", ""},
        {"   a [au]     e name\n  1.5   0.1  X\n", ""},
        {"name,a,e\nX,1.5D+00,1.0d-1\n", ""},
        {"name,a,e\nX,+15E-1,.1\n", ""},
        {"name,a,e,\nX,1.5,0.1,\n", ""},
        {"\"name\",\"a [au]\",\"e\"\n\"X\",\"1.5\",\"0.1\"\n", ""},
        {"# a comment\n\n  # another\nname, a, e\n\n X , 1.5 , 0.1 \n# end\n", ""},
        {"id,sma,ecc\nX,1.5,0.1\n", "columns: { id: name, sma: a, ecc: e }"},
        {"name,a,e\nX,224396806.05,0.1\n", "units: { a: km }"},
        {"name,sma,e\nX,224396806.05,0.1\n", "columns: { sma: a }, units: { sma: km }"},
        {"name,sma,e\nX,224396806.05,0.1\n", "columns: { sma: 'a [km]' }"},
        {"name,a,e,H,class\nX,1.5,0.1,12,AMO\n", "ignore: [H, class]"},
        {"name,a,e,H,class\nX,1.5,0.1,12,AMO\n", "ignore: rest"},
        {"name,a,e,i\nX,1.5,0.1,77\n", "ignore: [i]"},
        {"name,a,e\nX,1.5,\n", "default: { e: 0.1 }"},
        {"name,a\nX,1.5\n", "default: { e: 0.1 }"},
        {"name,a,e,M [deg],i\nX,1.5,0.1,,0\n", "default: { M: 0 deg }"},
        {"name,a,q,e\nX,1.5,1.35,0.1\n", ""},
        {"name,a,q,e\nX,,1.35,0.1\n", ""},
        {"name,P [day],a,e\nX,671.01565,1.5,0.1\n", ""},
        {"name,a,e,omega [deg],pomega [deg]\nX,1.5,0.1,0,360\n", ""},
        {"name,a,e,M [deg],T [JD]\nX,1.5,0.1,0,2459000.5\n", ""},
        {"name,a,e,M [deg],T [JD]\nX,1.5,0.1,360,2459671.51565\n", ""},
        {"name,a,e,T [MJD]\nX,1.5,0.1,59000.0\n", ""},
        {"name,a,e,T\nX,1.5,0.1,JD 2459000.5\n", ""},
        {"name,a,e,T\nX,1.5,0.1,2020-05-31\n", ""},
        {"name,a,e,T\nX,1.5,0.1,2020-May-31.0\n", ""},
        {"name,a,e,T [day]\nX,1.5,0.1,0\n", ""},
        {"name,a,e,M\nX,1.5,0.1,0\n", ""}, /* zero is zero in every unit */
        {"name,a,e,epoch\nX,1.5,0.1,2459000.5\n", ""},
        {"name,a,e,epoch [MJD]\nX,1.5,0.1,59000\n", ""},
        {"name,a,e,epoch\nX,1.5,0.1,2020-May-31\n", ""},
        {"name,a,e,epoch\nX,1.5,0.1,2450000.5\n", "ignore: [epoch]"},
    };
    for (size_t k = 0; k < sizeof same / sizeof *same; k++) {
        double x = x_of(same[k].text, same[k].keys, "X");
        if (fabs(x - 1.35) > 1e-8)
            print_error("of '%s' (%s): %.17g\n", same[k].text, same[k].keys, x);
        CHECK_NEAR(x, 1.35, 1e-8);
    }
}

static void names(void **state)
{
    (void)state;
    orr_scenario s =
        must_read("", group("name,a,e\n\"Smith, J. \"\"Jack\"\"\",1,0\n  B 2 ,2,0\n", ""));
    CHECK_NEAR(body_named(&s, "Smith, J. \"Jack\"").pos[0], 1, 1e-15);
    CHECK_NEAR(body_named(&s, "B 2").pos[0], 2, 1e-15);
    orr_scenario_free(&s);
    s = must_read("", group("a e name\n1 0 1 Ceres\n2 0 Vesta\n", "")); /* blanks in a name */
    CHECK_NEAR(body_named(&s, "1 Ceres").pos[0], 1, 1e-15);
    CHECK_NEAR(body_named(&s, "Vesta").pos[0], 2, 1e-15);
    orr_scenario_free(&s);
    s = must_read("", group("a,e\n1,0\n2,0\n", "")); /* the group's, numbered by row */
    CHECK_NEAR(body_named(&s, "m-2").pos[0], 2, 1e-15);
    orr_scenario_free(&s);
}

/* Many columns, more than any catalogue has. */
static void wide(void **state)
{
    (void)state;
    static char text[60000];
    size_t n = (size_t)sprintf(text, "name,a");
    for (int k = 0; k < 1500; k++)
        n += (size_t)sprintf(text + n, ",c%d", k);
    n += (size_t)sprintf(text + n, ",e\nX,1.5");
    for (int k = 0; k < 1500; k++)
        n += (size_t)sprintf(text + n, ",%d", k);
    sprintf(text + n, ",0.1\n");
    CHECK_NEAR(x_of(text, "ignore: rest", "X"), 1.35, 1e-12);
    n = 0;
    for (int k = 0; k < 2001; k++)
        n += (size_t)sprintf(text + n, "c%d,", k);
    must_refuse("", group(text, "ignore: rest"), "more than 2000 columns");
}

static void refused(void **state)
{
    (void)state;
    const struct {
        const char *text, *keys, *says;
        int line, column;
    } wrong[] = {
        {"name,a,e\nX,1.5,\nY,,0.2\n", "", "row 2, column 'a' is blank", 3, 3},
        {"name,a,e,i [deg]\nX,1.5,0,\n", "", "default: { i: 90 deg }", 2, 9},
        {"name,a,e,omega [deg]\nX,1.5,0.1,\n", "", "column 'omega' is blank", 2, 11},
        {"name,a,e,M [deg]\nX,1.5,0.1,\n", "", "column 'M' is blank", 2, 11},
        {"name,a,e\nX,1.5x,0\n", "", "column 'a': '1.5x' is not a number", 2, 3},
        {"name,a,e\nX,0x18,0\n", "", "'0x18' is not a number", 2, 3},
        {"name,a,e\nX,inf,0\n", "", "'inf' is not a number", 2, 3},
        {"name,a,e\nX,1e999,0\n", "", "too large", 2, 3},
        {"name;a;e\nX;1,5;0,1\n", "", "decimal comma", 2, 3},
        {"name,a;b,e\nX,1,2,3\n", "", "commas and semicolons", 1, 1},
        {"name,a,e\nX,1.5\n", "", "this row has 2 fields, the header has 3", 2, 1},
        {"name,a,e\n\"X,1.5,0\n", "", "never closed", 2, 1},
        {"name,a,e,zz\nX,1.5,0,1\n", "", "there is no column 'zz'", 1, 10},
        {"name,a,a\nX,1.5,2\n", "", "two columns 'a'", 1, 8},
        {"name,a,e,i\nX,1.5,0,7\n", "", "units: { i: deg }", 2, 9},
        {"name,a,q,e\nX,1.5,1.2,0.1\n", "", "'a' and 'q' do not belong together", 2, 7},
        {"name,a,P [day],e\nX,1.5,600,0\n", "", "'a' and 'P' do not belong together", 2, 7},
        {"name,a,e,M [deg],T [JD]\nX,1.5,0.1,10,2459000.5\n", "", "'M' and 'T' do not belong", 2,
         14},
        {"name,q,e,T [day]\nC,1.11238,1.00022,2459956.68\n", "", "units: { T: JD }", 2, 19},
        {"name,q,e,T\nC,1.11238,1.00022,2459956.68\n", "", "write the heading 'T [JD]'", 2, 19},
        {"name,q,e,T [day]\nC,1.11238,1.00022,59956.18\n", "", "units: { T: MJD }", 2, 19},
        {"name,a,e,epoch\nX,1,0,59000\n", "", "'epoch [MJD]'", 2, 7},
        {"name,a,e,epoch\nX,1,0,2020-13-01\n", "", "2020-13-01", 2, 7},
        {"name,a,e,T\nX,1,0,20060323\n", "", "write 2006-03-23", 2, 7},
        {"name,a,e,epoch\nX,1,0,20200531\n", "", "write 2020-05-31", 2, 7},
        {"{\"signature\":1}\n", "", "this is JSON", 1, 1},
        {" <?xml version='1.0'?>\n", "", "HTML or XML", 1, 1},
        {"\x1f\x8b\x08", "", "compressed", 0, 1},
        {")O+_06 Big-body initial data\n", "", "write 'catalogue: mercury", 1, 1},
        {"*******************\n", "", "write 'catalogue: horizons", 1, 1},
        {"name,a,e\n", "", "no rows", 1, 1},
        {"", "", "empty", 0, 1},
        {"name,a\nX,1\n", "units: { e: au }", "has no column 'e'", 7, 0},
        {"name,a\nX,1\n", "columns: { b: a }", "has no column 'b'", 7, 0},
        {"name,b\nX,1\n", "columns: { b: smi }", "no column means 'smi'", 7, 0},
        {"name,a [au]\nX,1\n", "units: { a: km }", "states a unit already", 7, 0},
        {"name,a\nX,1\n", "default: { b: 1 }", "unknown key 'b'", 7, 0},
        {"name,a\nX,1\n", "where: [ 'b < 1' ]", "there is no column 'b'", 7, 0},
        {"name,a\nX,1\n", "where: [ 'a' ]", "is not a condition", 7, 0},
        {"name,a\nX,1\n", "where: [ 'a < 1' ]", "none of the 1 rows", 7, 0},
        {"name,a\nX,1\n", "where: [ 'a < 1 kg' ]", "is a mass", 7, 0},
        {"name,a\nX,1\n", "only: [ Y ]", "is called 'Y'", 7, 0},
        {"name,a\nX,1\n", "host: Y", "is for 'catalogue: exoplanets'", 7, 0},
    };
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        orr_diagnosis why =
            must_refuse("epoch: JD 2459000.5", group(wrong[k].text, wrong[k].keys), wrong[k].says);
        bool here =
            why.line == wrong[k].line && (wrong[k].column == 0 || why.column == wrong[k].column);
        if (!here)
            print_error("'%s': %d:%d, not %d:%d\n", why.text, why.line, why.column, wrong[k].line,
                        wrong[k].column);
        CHECK(here);
    }
    static const char utf16[] = "\xff\xfe"
                                "n\0a\0m\0e\0";
    must_refuse("", write_bytes(utf16, sizeof utf16 - 1), "UTF-16");
    must_refuse("", write_bytes("n\0a\0", 4), "zero byte");
}

/* Rows by what stands in them. */
static void where(void **state)
{
    (void)state;
    const char *text = "name,a [au],H,class\n"
                       "433 Eros (A898 PA),1.458,10.4,AMO\n"
                       "719 Albert (A911 TB),2.6386,15.5,AMO\n"
                       "1 Ceres,2.7666,3.3,MBA\n"
                       "Eros 2,3.1,,MBA\n";
    const struct {
        const char *keys;
        size_t n; /* with the Sun */
    } cases[] = {
        {"ignore: rest", 5},
        {"ignore: rest, where: [ 'a < 3' ]", 4},
        {"ignore: rest, where: 'a <= 2.6386'", 3},
        {"ignore: rest, where: [ 'a > 300e6 km' ]", 4},
        {"ignore: rest, where: [ 'H < 15', 'class = AMO' ]", 2},
        {"ignore: rest, where: [ 'H >= 10.4' ]", 3}, /* a blank H fulfils nothing */
        {"ignore: rest, where: [ 'class != AMO' ]", 3},
        {"ignore: rest, where: [ 'name = 433 Eros' ]", 2},
        {"ignore: rest, where: [ 'name = Albert' ]", 2},
        {"ignore: rest, where: [ 'name = 1' ]", 2},
        {"ignore: rest, where: [ 'name ~ Eros' ]", 3},
        {"ignore: rest, first: 2", 3},
        {"ignore: rest, where: [ 'class = MBA' ], first: 1", 2},
        {"ignore: rest, only: [ Albert, 1 Ceres ]", 3},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        orr_scenario s = must_read("", group(text, cases[k].keys));
        if (s.bodies.n != cases[k].n)
            print_error("%s: %zu bodies\n", cases[k].keys, s.bodies.n);
        CHECK(s.bodies.n == cases[k].n);
        orr_scenario_free(&s);
    }
}

/* Of three rows of an exoplanet table two are circles, and the reader says so. */
static void circles(void **state)
{
    (void)state;
    orr_scenario s = must_read("epoch: JD 2459200.5",
                               group("name,P [day],e,i [deg],omega [deg],radius [Rearth]\n"
                                     "b,1.510826,,89.728,,1.116\nc,2.421937,,89.778,,\n"
                                     "h,18.772866,0.00567,89.805,338.92,0.755\n",
                                     ""));
    CHECK(has_note(&s, "2 of 3 rows have no e and no omega"));
    CHECK(has_note(&s, "1 of 3 rows have no radius"));
    orr_body b = body_named(&s, "b");
    double gm = atof(SUN_GM), n = 2 * 3.14159265358979324 / 1.510826;
    CHECK_NEAR(distance(b.pos), cbrt(gm / (n * n)), 1e-13);
    CHECK_NEAR(distance(b.vel), cbrt(gm * n), 1e-13);
    orr_scenario_free(&s);
}

/* States are turned by `plane:` as orbits are; diameters and densities give radii. */
static void states(void **state)
{
    (void)state;
    orr_scenario s = must_read("frame: icrf", group("name,x,y,z,vx,vy,vz,diameter [km]\n"
                                                    "X,0,1,0,0,0,0,1e4\n",
                                                    "plane: ecliptic"));
    orr_body x = body_named(&s, "X");
    CHECK_NEAR(x.pos[1], 0.9174820620691818, 1e-15); /* cos 84381.448" */
    CHECK_NEAR(x.pos[2], 0.3977771559319137, 1e-15);
    CHECK_NEAR(x.radius, 5e3 / 149597870.7, 1e-18);
    orr_scenario_free(&s);
    char keys[200];
    snprintf(keys, sizeof keys, "%s",
             written("name,a,mass [kg],density [g/cm3]\nE,1,5.9722e24,5.5136\n"));
    s = must_read("", keys);
    CHECK_NEAR(body_named(&s, "E").radius * 149597870.7, 6371.0, 0.3);
    orr_scenario_free(&s);
}

/* The inputs that failed in the field, with the right values (see cases/README.md). */
static void headings_of_catalogues(void **state)
{
    (void)state;
    orr_scenario s = must_read("frame: ecliptic\nepoch: JD 2459000.5",
                               "table: " DATA "neos.csv, around: Sun, role: test, name: m");
    CHECK(s.bodies.n == 3 && has_note(&s, "'sbdb'"));
    /* Kepler's equation solved apart, from a, e, i, om, w, ma */
    static const double eros[3] = {1.4818914167691548, 0.23428296358513678, 0.2594621245431937};
    for (int k = 0; k < 3; k++)
        CHECK_NEAR(body_named(&s, "433 Eros (A898 PA)").pos[k], eros[k], 1e-9);
    orr_scenario_free(&s);
    s = must_read("frame: ecliptic\nepoch: JD 2459873.5",
                  group("name,q [au],e,i [deg],Omega [deg],omega [deg],T [JD]\n"
                        "E3,1.11238,1.00022,109.169,302.555,145.533,2459956.68\n",
                        ""));
    CHECK_NEAR(distance(body_named(&s, "E3").pos), 1.708, 5e-4);
    orr_scenario_free(&s);
}

/* Headings as papers have them, and as numpy and astropy write them: in a comment. */
static void headings_elsewhere(void **state)
{
    (void)state;
    static const char *const files[] = {
        "name,a (AU),e,i (deg),Omega (degrees),omega (deg),M (deg)\nX,2.5,.1,10,80,70,30\n",
        "# name,a [au],e,i [deg],Omega [deg],omega [deg],M [deg]\nX,2.5,.1,10,80,70,30\n",
        "# of the 3rd of May\n#name a (au) e i [deg] Omega [deg] omega (deg) M [deg]\n"
        "X 2.5 .1 10 80 70 30\n",
        "# name, a, e\nname,a [au],e,i [deg],Omega [deg],omega [deg],M [deg]\n"
        "X,2.5,.1,10,80,70,30\n",
    };
    for (size_t k = 0; k < sizeof files / sizeof *files; k++)
        CHECK_NEAR(x_of(files[k], "", "X"), -2.24346012774998, 1e-7);
    /* as the message on a Julian date in [day] advises */
    orr_scenario s = must_read("epoch: JD 2459873.5",
                               group("name,q [au],e,i [deg],Omega [deg],omega [deg],T [day]\n"
                                     "E3,1.11238,1.00022,109.169,302.555,145.533,2459956.68\n",
                                     "units: { T: JD }"));
    CHECK_NEAR(distance(body_named(&s, "E3").pos), 1.708, 5e-4);
    orr_scenario_free(&s);
    must_refuse("epoch: JD 2459873.5", group("name,a [au],e\nX,1,0\n", "units: { a: km }"),
                "states a unit already");
    must_refuse("", group("# a,b\n1,2\n", ""), "no column '1'");
    must_refuse("", group("name,a (of old),e\nX,1,0\n", ""), "no column 'a (of old)'");
}

/* One instant, 2020-01-31T16:23:26.43 TDB, in a scenario whose epoch is in UTC. */
static void dates_in_cells(void **state)
{
    (void)state;
    static const char *const same[][2] = {
        {"JD TDB", "2458880.18294481"},         {"JD TDB", "2.45888018294481D+06"},
        {"MJD TDB", "58879.68294481"},          {"JD TDB", "2020-01-31.68294481"},
        {"JD TDB", "2020-Jan-31.68294481 TDB"}, {"JD UTC", "2458880.18214408"},
        {"YYYYMMDD", "20200131.68294481 TDB"},  {"MJD UTC", "2020-01-31T16:22:17.248"},
    };
    for (size_t k = 0; k < sizeof same / sizeof *same; k++) {
        char text[300];
        snprintf(text, sizeof text,
                 "name,a [au],e,i [deg],Omega [deg],omega [deg],T [%s],epoch [JD TDB]\n"
                 "X,2.5,.1,10,80,70,%s,2459000.5\n",
                 same[k][0], same[k][1]);
        orr_scenario s = must_read("epoch: 2020-05-30T23:58:50.816 UTC", group(text, ""));
        CHECK_NEAR(body_named(&s, "X").pos[0], -2.24346012774998, 2e-9);
        orr_scenario_free(&s);
    }
    /* the scale is the catalogue's, not that of the scenario */
    static const char *const files[] = {
        "full_name,epoch,e,a,i,om,w,tp_cal\nX,2459000.5,.1,2.5,10,80,70,20200131.68294481\n",
        "full_name,epoch,e,a,i,om,w,tp_cal\nX,2020-May-31.0,.1,2.5,10,80,70,2020-Jan-31.68294481\n",
    };
    for (size_t k = 0; k < 2; k++) {
        orr_scenario s =
            must_read("frame: ecliptic\nepoch: 2020-05-30T23:58:50.816 UTC", group(files[k], ""));
        CHECK_NEAR(body_named(&s, "X").pos[0], -2.24346012774998, 2e-9);
        orr_scenario_free(&s);
    }
}

/* A modified Julian date where whole ones are announced, and the other way round. */
static void kinds_of_julian_dates(void **state)
{
    (void)state;
    const char *const q = "name,q [au],e,i [deg],Omega [deg],omega [deg],T [%s]\nX,1,1,1,1,1,%s\n";
    static const char *const wrong[][3] = {{"JD", "59956.68", "has the unit MJD"},
                                           {"JD", "9956.68", "before 4411 B.C."},
                                           {"MJD", "2459956.68", "has the unit JD"}};
    for (size_t k = 0; k < 3; k++) {
        char text[300];
        snprintf(text, sizeof text, q, wrong[k][0], wrong[k][1]);
        must_refuse("epoch: JD 2459873.5", group(text, ""), wrong[k][2]);
    }
    orr_scenario s = must_read("epoch: JD 59873.5", group("name,a,e\nX,1,0\n", ""));
    CHECK(has_note(&s, "is written MJD"));
    orr_scenario_free(&s);
    must_refuse("epoch: JD 2459873.5", group("name,a,e,T [yr]\nX,1,0,2020.5\n", ""), "or a year?");
    must_refuse("", group("name,x,y,z,vx,vy\nX,1,1,1,0,0\n", ""), "none for 'vz'");
    must_refuse("", group("name,x,y,vx,vy,vz\nX,1,1,0,0,0\n", ""), "none for 'z'");
    CHECK_NEAR(x_of("name,x,y,z,vx,vy\nX,7,1,1,0,0\n", "default: { vz: 0 }", "X"), 7, 0);
    CHECK_NEAR(x_of("name,x,y,vx,vy\nX,7,1,0,0\n", "", "X"), 7, 0);
    /* GM of the Sun and a year of 365.25 days: 0.99998... au */
    CHECK_NEAR(x_of("name,period [yr],e\nX,1,0\n", "", "X"), 0.9999874091377292, 1e-12);
}

/* SBDB with other columns: what they say is one orbit, x by Kepler's equation solved apart. */
static void columns_of_sbdb(void **state)
{
    (void)state;
    static const char *const files[] = {
        "full_name,epoch,e,a,i,om,w,ma\nX,2459000.5,.1,2.5,10,80,70,30\n",
        ("full_name,epoch_cal,e,per,i,om,w,ma\nX,20200531.0000000,.1,1443.8046622532659,10,80,70,"
         "30\n"),
        "full_name,epoch,e,per_y,i,om,w,ma\nX,2459000.5,.1,3.9529217310151017,10,80,70,30\n",
        "full_name,epoch,e,q,i,om,w,tp_cal\nX,2459000.5,.1,2.25,10,80,70,20200131.6829448122\n",
        /* the period is JPL's, whatever the masses are here */
        "full_name,epoch,e,a,per,i,om,w,ma\nX,2459000.5,.1,2.5,1450,10,80,70,30\n",
    };
    for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
        char keys[300];
        snprintf(keys, sizeof keys, "catalogue: sbdb, file: %s", written(files[k]) + 7);
        orr_scenario s = must_read("frame: ecliptic\nepoch: JD 2459000.5", keys);
        CHECK_NEAR(body_named(&s, "X").pos[0], -2.24346012774998, 1e-7);
        orr_scenario_free(&s);
        must_refuse("frame: ecliptic\nepoch: JD 2459000.5",
                    group("full_name,e,a,i,om,w,ma\nX,.1,2.5,10,80,70,30\n", ""),
                    "no column 'epoch'");
        must_refuse("frame: ecliptic\nepoch: JD 2459000.5",
                    group("full_name,epoch,e,a,i,om,w,ma,equinox\n"
                          "X,2459000.5,.1,2.5,10,80,70,30,B1950\n",
                          ""),
                    "equinox 'B1950'");
    }
}

int main(void)
{
    snprintf(path, sizeof path, "/tmp/orrery-table-%ld.csv", (long)getpid());
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms),
        cmocka_unit_test(names),
        cmocka_unit_test(wide),
        cmocka_unit_test(refused),
        cmocka_unit_test(where),
        cmocka_unit_test(circles),
        cmocka_unit_test(states),
        cmocka_unit_test(headings_of_catalogues),
        cmocka_unit_test(headings_elsewhere),
        cmocka_unit_test(dates_in_cells),
        cmocka_unit_test(columns_of_sbdb),
        cmocka_unit_test(kinds_of_julian_dates),
    };
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failures;
}
