//! Tables with borders.

use super::{check, drawn, rows_of, word};
use crate::layout::tables::find;

#[test]
fn faces_of_a_grid_are_cells() {
    check(&[
        (
            "grid",
            "
text above

+-------+-------+
| Tree  | Age   |
+-------+-------+
| Oak   | 200   |
+-------+-------+
| Elm   | 90    |
+-------+-------+
text below",
            &[&["Tree!|Age!", "Oak|200", "Elm|90"]],
        ),
        (
            "empty cells",
            "
+-------+-------+------+
| Name  | Note  | Seen |
+-------+-------+------+
| Ann   |       | May  |
+-------+-------+------+
| Bob   | left  |      |
+-------+-------+------+",
            &[&["Name|Note|Seen", "Ann||May", "Bob|left|"]],
        ),
        (
            "open sides",
            "
--------+--------
 Tree   | Kind
--------+--------
 Oak    | leaf
--------+--------
 Fir    | needle
--------+--------",
            &[&["Tree|Kind", "Oak|leaf", "Fir|needle"]],
        ),
    ]);
}

#[test]
fn lines_of_a_cell_are_joined() {
    check(&[
        (
            "wrapped cells",
            "
+------+-----------------+
| R1   | No boat may lie |
|      | at the quay.    |
+------+-----------------+
| R2   | Lamps are lit   |
|      | until dawn.     |
+------+-----------------+",
            &[&["R1|No boat may lie at the quay.", "R2|Lamps are lit until dawn."]],
        ),
        (
            "a divided word",
            "
+------+-------------+
| One  | the light-  |
|      | house keep- |
|      | er sleeps   |
+------+-------------+
| Two  | a lighthouse|
+------+-------------+",
            &[&["One|the lighthouse keeper sleeps", "Two|a lighthouse"]],
        ),
    ]);
}

#[test]
fn cells_without_inner_borders_are_merged() {
    check(&[
        (
            "columns and rows",
            "
+-------+---------------+
| Ship  | Crew          |
|       +-------+-------+
|       | deck  | helm  |
+-------+-------+-------+
| Heron | 4     | 2     |
+-------+-------+-------+",
            &[&["Ship<2x1>|Crew<1x2>", "deck|helm", "Heron|4|2"]],
        ),
        (
            "a title row",
            "
+-----------------------+
| Crew of the boats     |
+-------+-------+-------+
| Heron | four  | two   |
+-------+-------+-------+
| Gull  | six   | one   |
+-------+-------+-------+",
            &[&["Crew of the boats<1x3>", "Heron|four|two", "Gull|six|one"]],
        ),
    ]);
}

#[test]
fn rows_without_a_border_between_are_divided() {
    check(&[
        (
            "figures",
            "
+-------+-------+-------+
| Year  | Ships | Boats |
+-------+-------+-------+
| 2029  | 411   | 3,200 |
| 2030  | 502   | 4,100 |
| 2031  | 618   | 5,900 |
+-------+-------+-------+",
            &[&[
                "Year!|Ships!|Boats!",
                "2029|411|3,200",
                "2030|502|4,100",
                "2031|618|5,900",
            ]],
        ),
        (
            "short names",
            "
+----------------+----------------+
| Boat           | Master         |
+----------------+----------------+
| Heron          | Ann            |
| Gull           | Bob            |
| Tern           | Cid            |
+----------------+----------------+",
            &[&["Boat|Master", "Heron|Ann", "Gull|Bob", "Tern|Cid"]],
        ),
    ]);
}

#[test]
fn grids_apart_are_tables_of_their_own() {
    check(&[
        (
            "side by side",
            "
+------+------+        +------+------+
| a    | b    |        | e    | f    |
+------+------+        +------+------+
| c    | d    |        | g    | h    |
+------+------+        +------+------+",
            &[&["a|b", "c|d"], &["e|f", "g|h"]],
        ),
        (
            "one below the other",
            "
+------+------+
| a    | b    |
+------+------+
| c    | d    |
+------+------+

+------+------+
| e    | f    |
+------+------+
| g    | h    |
+------+------+",
            &[&["a|b", "c|d"], &["e|f", "g|h"]],
        ),
    ]);
}

#[test]
fn a_nested_grid_is_text_of_its_cell() {
    check(&[(
        "nested",
        "
+------+-------------------+
| one  | +------+------+   |
|      | | a    | b    |   |
|      | +------+------+   |
|      | | c    | d    |   |
|      | +------+------+   |
+------+-------------------+
| two  | text              |
+------+-------------------+
| six  | words             |
+------+-------------------+",
        &[&["one|a b c d", "two|text", "six|words"]],
    )]);
}

#[test]
fn horizontal_rules_bound_a_table() {
    check(&[
        (
            "three rules",
            "
--------------------------
*Boat    *Length   *Crew
--------------------------
Heron    14 m      four
Gull     9 m       two
Tern     11 m      three
--------------------------",
            &[&[
                "Boat!|Length!|Crew!",
                "Heron|14 m|four",
                "Gull|9 m|two",
                "Tern|11 m|three",
            ]],
        ),
        (
            "a rule below each row, wrapped cells, and the header above",
            "
*Rule   *Meaning           *Fine
--------------------------------
R1     No boat may lie at  10
       the north quay.
--------------------------------
R2     Lamps are lit from  25
       dusk until dawn.
--------------------------------
R3     Nets are dried on   5
       the west wall.
--------------------------------",
            &[&[
                "Rule!|Meaning!|Fine!",
                "R1|No boat may lie at the north quay.|10",
                "R2|Lamps are lit from dusk until dawn.|25",
                "R3|Nets are dried on the west wall.|5",
            ]],
        ),
    ]);
}

#[test]
fn a_word_over_a_border_stays_whole_in_the_cell_of_its_middle() {
    let (mut words, drawing) = drawn(
        "
+------+-------+
| one  | two   |
+------+-------+
|      | words |
+------+-------+
| three| four  |
+------+-------+",
    );
    let baseline = words[2].baseline;
    words.push(word("longest", 8.0, baseline));
    let found = find(words, &drawing);
    let rows: Vec<Vec<String>> = found.tables.iter().map(|found| rows_of(&found.table)).collect();
    assert_eq!(rows, [["one|two", "longest|words", "three|four"]]);
}
