use serde::{Deserialize, Serialize};

use super::MicroCents;

/// Use of a paid service for a document, and the pages that the local engine converted instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "ServiceUseJson", from = "ServiceUseJson")]
pub struct ServiceUse {
    /// The model by the name that the service gave.
    pub model: String,
    /// Pages that the service says it has processed: what is billed.
    pub billed_pages: u32,
    /// Pages that the local engine converted, for nothing.
    pub local_pages: u32,
    /// Cost of the billed pages, margin included.
    pub cost_micro_cents: MicroCents,
    /// Cost that the local pages would have incurred, margin included.
    pub avoided_cost_micro_cents: MicroCents,
}

/// The form in which it is stored and sent: two fields have an older name too, which version 4 drops.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ServiceUseJson {
    model: String,
    billed_pages: u32,
    #[serde(default)]
    local_pages: Option<u32>,
    spared_pages: u32,
    cost_micro_cents: MicroCents,
    #[serde(default)]
    avoided_cost_micro_cents: Option<MicroCents>,
    saved_micro_cents: MicroCents,
}

impl From<ServiceUse> for ServiceUseJson {
    fn from(service: ServiceUse) -> Self {
        Self {
            model: service.model,
            billed_pages: service.billed_pages,
            local_pages: Some(service.local_pages),
            spared_pages: service.local_pages,
            cost_micro_cents: service.cost_micro_cents,
            avoided_cost_micro_cents: Some(service.avoided_cost_micro_cents),
            saved_micro_cents: service.avoided_cost_micro_cents,
        }
    }
}

impl From<ServiceUseJson> for ServiceUse {
    /// Rows that were stored before the new names have the older ones alone.
    fn from(json: ServiceUseJson) -> Self {
        Self {
            model: json.model,
            billed_pages: json.billed_pages,
            local_pages: json.local_pages.unwrap_or(json.spared_pages),
            cost_micro_cents: json.cost_micro_cents,
            avoided_cost_micro_cents: json.avoided_cost_micro_cents.unwrap_or(json.saved_micro_cents),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn both_names_are_written_and_the_older_ones_alone_are_read() {
        let stored = json!({
            "model": "m", "billedPages": 2, "sparedPages": 8, "costMicroCents": 1, "savedMicroCents": 4
        });
        let service: ServiceUse = serde_json::from_value(stored).expect("a stored row");
        assert_eq!(service.local_pages, 8);
        assert_eq!(service.avoided_cost_micro_cents, MicroCents::new(4));
        let sent = serde_json::to_value(&service).expect("JSON");
        assert_eq!(
            (&sent["localPages"], &sent["sparedPages"]),
            (&json!(8), &json!(8))
        );
        assert_eq!(sent["avoidedCostMicroCents"], sent["savedMicroCents"]);
    }
}
