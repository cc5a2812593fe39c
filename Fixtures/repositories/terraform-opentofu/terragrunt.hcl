terragrunt_version_constraint = ">= 0.60"
