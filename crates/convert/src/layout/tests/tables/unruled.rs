//! Tables without borders.

use super::{check, found};

#[test]
fn aligned_figures_are_a_table() {
    check(&[
        (
            "a statement",
            "
The dues of the harbour are paid in crowns.

                          2030      2029
Berth fees              12,400    11,950
Pilotage                 3,210     2,988
Fines and late fees      (415)     (390)
Total dues              16,300    15,568

All figures are in thousands of crowns.",
            &[&[
                "!|2030!|2029!",
                "Berth fees|12,400|11,950",
                "Pilotage|3,210|2,988",
                "Fines and late fees|(415)|(390)",
                "Total dues|16,300|15,568",
            ]],
        ),
        (
            "signs of currency",
            "
Dues           2030        2029
Berths     $ 12,400    $ 11,950
Pilots        3,210       2,988
Total      $ 15,610    $ 14,938",
            &[&[
                "Dues!|2030!|2029!",
                "Berths|$ 12,400|$ 11,950",
                "Pilots|3,210|2,988",
                "Total|$ 15,610|$ 14,938",
            ]],
        ),
        (
            "figures at the other side than their header",
            "
Month      Ships                 Boats
January              411                  3,200
February             502                  4,100
March                618                  5,900
April                702                  6,300",
            &[&[
                "Month!|Ships!|Boats!",
                "January|411|3,200",
                "February|502|4,100",
                "March|618|5,900",
                "April|702|6,300",
            ]],
        ),
    ]);
}

#[test]
fn text_below_a_bold_header_is_a_table() {
    check(&[(
        "wrapped cells",
        "
*Boat      *Master    *Remarks
Heron     Ann        mast lost in the
                     storm of winter
Gull      Bob        none
Tern      Cid        sails from the
                     south pier",
        &[&[
            "Boat!|Master!|Remarks!",
            "Heron|Ann|mast lost in the storm of winter",
            "Gull|Bob|none",
            "Tern|Cid|sails from the south pier",
        ]],
    )]);
}

#[test]
fn the_text_around_a_table_is_left() {
    let found = found(
        "
The dues are paid in crowns each spring.

Berths     12,400    11,950
Pilots      3,210     2,988
Lights        910       870
Total      16,520    15,808

They are kept in the ledger of the house.",
    );
    let rest: Vec<&str> = found.rest.iter().map(|word| word.text.as_str()).collect();
    assert_eq!(
        rest.join(" "),
        "The dues are paid in crowns each spring. They are kept in the ledger of the house."
    );
    assert_eq!(found.tables.len(), 1);
    assert!(!found.tables[0].ruled);
}

#[test]
fn a_table_beside_prose_is_found_in_its_column() {
    check(&[(
        "two columns",
        "
Dues      2030     2029       The masters of the guild built her in
Berths   1,240    1,195       the year of the flood, and the keeper
Pilots     321      298       of the light gave her name to the bay.
Lights      91       87       She carried the mail of the islands
Total    1,652    1,580       and the doctor of the port for years.

She carried the mail of the   The crew slept in the bow of the boat
islands for thirty years as   and the cook kept a stove in the stern
the masters had agreed with   all winter long. In the storm of the
the keepers of the lights.    third winter the boat lost her mast.
In winter the ledger is kept  at the upper house, since the lower
one is damp in most of these  months, and the captains walk up.",
        &[&[
            "Dues!|2030!|2029!",
            "Berths|1,240|1,195",
            "Pilots|321|298",
            "Lights|91|87",
            "Total|1,652|1,580",
        ]],
    )]);
}
