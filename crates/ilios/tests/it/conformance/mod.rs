//! What every database behind the store has to do, whichever it is: one suite, run against each backend.

mod administration;
mod backend;
mod claims;
mod compare;
mod drain;
mod endings;
mod files;
mod keeping;
mod leases;
mod machine;
mod machine_clients;
pub(crate) mod make;
mod model;
mod model_clients;
mod model_workers;
mod provider_batches;
mod steps;
mod time;
mod transactions;

use backend::{Backend, EncryptedFile, LocalFile, Postgres, Replica};

/// Runs the whole suite against a backend, in a module of its own.
macro_rules! conformance {
    ($module:ident, $backend:ty) => {
        mod $module {
            use super::*;

            conformance!(@tests $backend:
                machine::any_sequence_of_steps_ends_as_the_model_says,
                drain::workers_with_skewed_clocks_and_stalls_end_each_document_once,
                claims::the_most_urgent_job_goes_first_and_then_the_oldest,
                claims::jobs_that_are_equally_urgent_and_old_go_in_the_order_in_which_they_were_made,
                claims::a_long_queue_of_one_tenant_does_not_delay_another,
                claims::tenants_take_turns,
                claims::tenants_take_turns_whichever_node_serves_them,
                claims::the_place_in_line_is_that_of_the_next_claims,
                claims::a_worker_takes_its_next_job_with_the_end_of_the_last,
                claims::several_jobs_are_taken_and_settled_at_once_each_by_its_own_lease,
                leases::a_failed_attempt_runs_again_after_5_and_10_seconds_and_the_third_fails_the_document,
                leases::waits_double,
                leases::a_document_that_kills_the_converter_twice_is_given_up,
                leases::a_document_that_is_tried_again_has_all_its_attempts,
                leases::giving_a_job_back_costs_nothing,
                leases::a_job_whose_workers_vanish_is_given_up_in_the_end,
                leases::all_jobs_are_taken_back_where_nobody_else_can_be_at_work,
                leases::a_lease_that_has_run_out_can_neither_be_kept_nor_settled,
                leases::a_store_that_is_away_costs_no_attempt,
                endings::documents_of_a_batch_are_told_in_the_order_in_which_they_were_sent,
                endings::a_batch_ends_once_with_its_last_document,
                endings::a_batch_whose_documents_all_failed_has_failed,
                endings::documents_past_their_retention_are_due,
                endings::documents_that_are_due_are_looked_up_from_any_place_on,
                endings::the_object_of_a_deleted_document_is_deleted_in_the_end,
                endings::an_upload_that_was_cancelled_cannot_be_tried_again,
                endings::an_upload_that_never_came_is_given_up,
                provider_batches::a_provider_batch_is_looked_after_by_one_at_a_time,
                provider_batches::each_document_of_a_provider_batch_ends_once,
                provider_batches::a_document_that_is_tried_again_has_left_its_provider_batch,
                files::a_file_is_its_tenants_within_limits_and_goes_with_time,
                files::a_job_of_requests_is_stopped_once_and_goes_with_its_batch,
                keeping::a_picture_is_its_tenants_and_goes_with_its_document,
                keeping::finished_parts_are_there_until_their_document_has_ended,
                keeping::a_model_is_there_with_the_content_and_goes_with_its_document,
                keeping::a_document_that_is_converted_again_keeps_its_result_until_the_next,
                keeping::pictures_of_a_conversion_are_unseen_until_its_result_replaces_the_other,
                provider_batches::provider_batches_are_carried_before_the_documents_that_refer_to_them,
                administration::a_node_is_noted_until_it_ends_or_is_silent,
                administration::usage_of_all_tenants_is_summed_up_by_what_is_asked,
                transactions::a_name_is_given_to_one_request,
                transactions::of_requests_with_one_name_at_the_same_time_one_wins,
                transactions::a_transaction_that_fails_harms_no_other,
                transactions::a_document_is_charged_once_whatever_a_late_worker_writes,
                transactions::what_was_written_is_there_after_a_restart,
            );
        }
    };
    (@tests $backend:ty: $($file:ident::$test:ident),* $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                $file::$test(<$backend>::create().await).await;
            }
        )*
    };
}

conformance!(local_file, LocalFile);
conformance!(encrypted_file, EncryptedFile);
conformance!(postgres, Postgres);
conformance!(replica, Replica);
