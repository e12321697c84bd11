//! Pages that look like tables and have none.

use super::check_none;

#[test]
fn drawings_without_cells_are_no_tables() {
    check_none(&[
        (
            "box around a paragraph",
            "
+---------------------------------+
| The ledger is kept at the upper |
| house, since the lower is damp. |
+---------------------------------+",
        ),
        (
            "two boxes that share an edge",
            "
+---------------------------------+
| The ledger is kept at the house |
+---------------------------------+
| and read aloud to the watch.    |
+---------------------------------+",
        ),
        (
            "chart",
            "
30 +-----+-----+-----+-----+
   |     |     |     |     |
20 +-----+-----+-----+-----+
   |     |     |     |     |
10 +-----+-----+-----+-----+
   |     |     |     |     |
 0 +-----+-----+-----+-----+
   May   June  July  August",
        ),
        (
            "empty grid",
            "
+------+------+------+
|      |      |      |
+------+------+------+
|      |      |      |
+------+------+------+",
        ),
        (
            "rules around prose",
            "
------------------------------------------
The ledger is kept at the upper house in
winter, since the lower one is damp, and
------------------------------------------
the captains walk up the hill to sign it
each evening before the lamps are lit.
------------------------------------------",
        ),
    ]);
}

#[test]
fn prose_is_no_table() {
    check_none(&[
        (
            "two columns",
            "
She carried the mail of the      The crew slept in the bow of
islands for thirty years as      the boat, and the cook kept a
the masters had agreed with      stove in the stern all winter
the keepers of the lights.       long. In the third storm the
The ledger is kept at the        mast was lost and the masters
upper house in winter and        walked up the hill to sign it
read aloud to the watch.         before the lamps were lit.",
        ),
        (
            "words far apart",
            "
The   ledger   is   kept   at   the   upper
house  in  winter,  since  the lower one is
damp,  and  the  captains  walk up the hill
to   sign   it   before  the lamps are lit.",
        ),
    ]);
}

#[test]
fn lists_and_forms_are_no_tables() {
    check_none(&[
        (
            "bibliography",
            "
[1]   A. Heron. The tides of the bay. 2019.
[2]   B. Gull. Lamps and their keepers. 2021.
[3]   C. Tern. Ledgers of the guild. 2024.
[4]   D. Swan. The north quay. 2027.",
        ),
        (
            "contents",
            "
1    The quay ..........................   3
2    The lamps .........................   7
3    The ledger ........................  12
4    The guild .........................  19",
        ),
        (
            "numbered list",
            "
1.   Check the lines of the boat
2.   Check the lamps
3.   Ring the bell twice
4.   Sign the ledger",
        ),
        (
            "form",
            "
Name:       Ann Heron
Boat:       The Grey Gull
Port:       North quay
Phone:      555 0101
Member:     yes",
        ),
        (
            "directory",
            "
Ann Heron           Bob Gull            Cid Tern
North quay 4        South pier 9        West wall 2
Port of the bay     Port of the bay     Port of the isle

Dot Swan            Eve Crane           Fay Finch
North quay 8        South pier 3        East mole 1
Port of the bay     Port of the bay     Port of the isle",
        ),
    ]);
}

#[test]
fn code_and_formulas_are_no_tables() {
    check_none(&[
        (
            "code",
            "
`let    `mast    `=    `boat.mast();
`let    `sail    `=    `boat.sail();
`let    `crew    `=    `boat.crew();
`let    `helm    `=    `boat.helm();",
        ),
        (
            "numbered formulas",
            "
The height of the tide is

          h=a+b                (1)
          h=a-b                (2)
          h=a/b                (3)",
        ),
    ]);
}
