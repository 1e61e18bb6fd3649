"""What people say: drafts of status updates, marks on the timeline, pages for stakeholders, announcements."""
