import Glibc
import RCMLBasics

extension NetworkFailure {
  /// `number`: an error of the system, negated or not.
  init(system number: Int) {
    switch Int32(clamping: number.magnitude) {
    case ECONNREFUSED: self = .refused
    case ENETDOWN, ENETUNREACH, EHOSTUNREACH, EHOSTDOWN, EADDRNOTAVAIL: self = .noRoute
    case ETIMEDOUT: self = .timedOut
    case ECONNRESET, ECONNABORTED, EPIPE: self = .lost
    case ENFILE, EMFILE: self = .tooMany
    default: self = .other  // numbers, not cases
    }
  }
}
