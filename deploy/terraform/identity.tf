resource "google_service_account" "shop" {
  account_id   = var.service_account
  display_name = "Runs Cartwright"

  depends_on = [google_project_service.api]
}

# Exactly what a run needs: objects in its buckets, tables in its datasets, jobs in the project.

resource "google_storage_bucket_iam_member" "objects" {
  for_each = google_storage_bucket.bucket

  bucket = each.value.name
  role   = "roles/storage.objectAdmin"
  member = google_service_account.shop.member
}

resource "google_bigquery_dataset_iam_member" "tables" {
  for_each = google_bigquery_dataset.dataset

  dataset_id = each.value.dataset_id
  role       = "roles/bigquery.dataEditor"
  member     = google_service_account.shop.member
}

resource "google_project_iam_member" "jobs" {
  project = var.project
  role    = "roles/bigquery.jobUser"
  member  = google_service_account.shop.member
}

resource "google_bigquery_dataset_iam_member" "readers" {
  for_each = var.readers

  dataset_id = google_bigquery_dataset.dataset[var.datasets.published].dataset_id
  role       = "roles/bigquery.dataViewer"
  member     = each.value
}

# Signing in without a key: whoever shows a token of the issuer that fulfils the condition acts as the service account.

resource "google_iam_workload_identity_pool" "pool" {
  count = var.workload_identity == null ? 0 : 1

  workload_identity_pool_id = var.service_account
  display_name              = "Cartwright"

  depends_on = [google_project_service.api]
}

resource "google_iam_workload_identity_pool_provider" "provider" {
  count = var.workload_identity == null ? 0 : 1

  workload_identity_pool_id          = google_iam_workload_identity_pool.pool[0].workload_identity_pool_id
  workload_identity_pool_provider_id = "oidc"
  attribute_condition                = var.workload_identity.condition

  attribute_mapping = {
    "google.subject" = "assertion.sub"
  }

  oidc {
    issuer_uri = var.workload_identity.issuer
  }
}

resource "google_service_account_iam_member" "federated" {
  count = var.workload_identity == null ? 0 : 1

  service_account_id = google_service_account.shop.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.pool[0].name}/*"
}
