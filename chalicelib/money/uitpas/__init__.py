"""UiTPAS, where the city has a contract: what a pass gives off the price of a camp, as UiTPAS says it."""
