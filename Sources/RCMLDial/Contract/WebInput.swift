/// What became of a document request.
public enum WebInput {
  case retrieved(Retrieved)
  case failed(RetrievalFailure)
}
