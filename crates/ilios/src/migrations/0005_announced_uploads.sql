CREATE INDEX documents_by_announcement ON documents (tenant) WHERE upload_expires_at IS NOT NULL;
