variable "project" {
  description = "The project that has the shop's buckets and datasets, and pays. It must exist, with billing."
  type        = string
}

variable "location" {
  description = "Where buckets and datasets are, e.g. EU, US or europe-west1. It cannot be changed later."
  type        = string
  default     = "EU"
}

variable "bucket" {
  description = "The name of the bucket of the lake; unique in all of Google Cloud."
  type        = string
}

variable "exports_bucket" {
  description = "The name of a bucket in which the shop's systems put their files; null for none."
  type        = string
  default     = null
}

variable "datasets" {
  description = "The names of the datasets, as `datasets` and `publish.dataset` of cartwright.yaml have them. Several layers may share one."
  type = object({
    bronze    = optional(string, "bronze")
    silver    = optional(string, "silver")
    star      = optional(string, "gold")
    marts     = optional(string, "gold")
    quality   = optional(string, "quality")
    meta      = optional(string, "meta")
    published = optional(string, "published")
  })
  default = {}
}

variable "readers" {
  description = "Who may read what is published, as IAM names them, e.g. group:analysts@example.com."
  type        = set(string)
  default     = []
}

variable "service_account" {
  description = "The name of the service account that runs the shop."
  type        = string
  default     = "cartwright"
}

variable "old_versions_days" {
  description = "After how many days an object of the lake that was deleted or replaced is gone for good."
  type        = number
  default     = 90
}

variable "cold_after_days" {
  description = "After how many days an object of the lake moves to Nearline, where storing costs half and reading more; null for never."
  type        = number
  default     = 90
}

variable "workload_identity" {
  description = "Who may act as the service account without a key: tokens of an OIDC issuer whose claims fulfil a condition; null for none."
  type = object({
    # E.g. https://token.actions.githubusercontent.com
    issuer = string
    # In CEL, e.g. assertion.repository == 'my-company/my-shop'
    condition = string
  })
  default = null
}

variable "labels" {
  description = "Labels of buckets and datasets, for the bill."
  type        = map(string)
  default     = {}
}

variable "deletion_protection" {
  description = "Whether buckets and datasets that are not empty are kept from being destroyed."
  type        = bool
  default     = true
}
