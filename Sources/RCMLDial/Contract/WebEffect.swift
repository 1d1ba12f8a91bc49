/// What is to be done with a document request.
public enum WebEffect: Sendable {
  case fetch(DocumentRequest)
  case abort
}
