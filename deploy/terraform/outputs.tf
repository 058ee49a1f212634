output "service_account" {
  description = "The address of the service account that runs the shop."
  value       = google_service_account.shop.email
}

output "workload_identity_provider" {
  description = "The provider's name, for `gcloud iam workload-identity-pools create-cred-config`; null without one."
  value       = one(google_iam_workload_identity_pool_provider.provider[*].name)
}

output "gcp_config" {
  description = "The content of the shop's config/gcp_config.json."
  value = jsonencode({
    project  = var.project
    location = var.location
    bucket   = google_storage_bucket.bucket[var.bucket].name
    datasets = { for layer in ["bronze", "silver", "star", "marts", "quality", "meta"] : layer => var.datasets[layer] }
  })
}
