"""Images: of products and variants, and as files of the shop. They are never fetched; other media is refused."""
