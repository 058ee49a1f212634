locals {
  apis = toset([
    "bigquery.googleapis.com",
    "storage.googleapis.com",
    # To sign in as the service account.
    "iam.googleapis.com",
    "iamcredentials.googleapis.com",
    "sts.googleapis.com",
    # `cartwright doctor` asks it which permissions an account has.
    "cloudresourcemanager.googleapis.com",
  ])

  dataset_names = toset(values(var.datasets))
  buckets       = toset(compact([var.bucket, var.exports_bucket]))
  labels        = merge(var.labels, { application = "cartwright" })
}

resource "google_project_service" "api" {
  for_each = local.apis

  service            = each.value
  disable_on_destroy = false
}

resource "google_storage_bucket" "bucket" {
  for_each = local.buckets

  name                        = each.value
  location                    = var.location
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = !var.deletion_protection
  labels                      = local.labels

  versioning {
    enabled = true
  }

  # Nothing in the lake is ever overwritten or deleted by the shop: what is no longer live was removed by hand.
  lifecycle_rule {
    condition {
      days_since_noncurrent_time = var.old_versions_days
      with_state                 = "ARCHIVED"
    }
    action {
      type = "Delete"
    }
  }

  # What was on its way into BigQuery: a load removes it, and this rule what a killed one left.
  lifecycle_rule {
    condition {
      age            = 1
      matches_prefix = ["lake/staged/"]
    }
    action {
      type = "Delete"
    }
  }

  # Uploads that were broken off.
  lifecycle_rule {
    condition {
      age = 7
    }
    action {
      type = "AbortIncompleteMultipartUpload"
    }
  }

  dynamic "lifecycle_rule" {
    for_each = var.cold_after_days == null ? [] : [var.cold_after_days]

    content {
      condition {
        age = lifecycle_rule.value
      }
      action {
        type          = "SetStorageClass"
        storage_class = "NEARLINE"
      }
    }
  }

  depends_on = [google_project_service.api]
}

resource "google_bigquery_dataset" "dataset" {
  for_each = local.dataset_names

  dataset_id                 = each.value
  location                   = var.location
  delete_contents_on_destroy = !var.deletion_protection
  labels                     = local.labels

  depends_on = [google_project_service.api]
}
