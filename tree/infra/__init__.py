"""The ground that Stormloop runs on: the template for AWS, and the same on one machine (infra/local)."""
