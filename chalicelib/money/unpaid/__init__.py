"""The city's steps for orders that are not paid in time: reminders, and where the city decided so the registration's
end."""
