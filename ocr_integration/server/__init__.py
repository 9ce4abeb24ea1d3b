"""The vendor's wire protocol in front of our own engine: any Tencent SDK can call it."""
