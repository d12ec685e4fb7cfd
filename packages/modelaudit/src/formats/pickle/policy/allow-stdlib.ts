/**
 * Exceptions, enumerations and plain data classes of standard-library modules that are denied as a whole, in the form of
 * allow.ts: results that people keep in checkpoints (`{"error": exception}`, a config parser, a log record). Their
 * constructors and state setters only store what they get; no other name of these modules is vouched for.
 */

/** Called with any arguments: an exception keeps them. */
const EXCEPTIONS = `
argparse: ArgumentError() ArgumentTypeError()
asyncio.exceptions: BrokenBarrierError() CancelledError() IncompleteReadError() InvalidStateError() LimitOverrunError() SendfileNotAvailableError() TimeoutError()
asyncio.queues: QueueEmpty() QueueFull() QueueShutDown()
binascii: Error() Incomplete()
calendar: IllegalMonthError() IllegalWeekdayError()
compression.zstd: ZstdError()
concurrent.futures._base: BrokenExecutor() CancelledError() Error() InvalidStateError() TimeoutError()
concurrent.futures.process: BrokenProcessPool()
concurrent.futures.thread: BrokenThreadPool()
configparser: DuplicateOptionError() DuplicateSectionError() Error() InterpolationDepthError() InterpolationError() InterpolationMissingOptionError() InterpolationSyntaxError() MissingSectionHeaderError() MultilineContinuationError() NoOptionError() NoSectionError() ParsingError()
copy: Error()
csv: Error()
ctypes: ArgumentError()
dataclasses: FrozenInstanceError()
decimal: Clamped() ConversionSyntax() DecimalException() DivisionByZero() DivisionImpossible() DivisionUndefined() FloatOperation() Inexact() InvalidContext() InvalidOperation() Overflow() Rounded() Subnormal() Underflow()
email.errors: CharsetError() HeaderParseError() MessageDefect() MessageError() MessageParseError() MultipartConversionError()
ftplib: Error() error_perm() error_proto() error_reply() error_temp()
getopt: GetoptError()
getpass: GetPassWarning()
graphlib: CycleError()
gzip: BadGzipFile()
http.client: BadStatusLine() CannotSendHeader() CannotSendRequest() HTTPException() ImproperConnectionState() IncompleteRead() InvalidURL() LineTooLong() NotConnected() RemoteDisconnected() ResponseNotReady() UnknownProtocol() UnknownTransferEncoding()
http.cookies: CookieError()
importlib.metadata: PackageNotFoundError()
io: UnsupportedOperation()
ipaddress: AddressValueError() NetmaskValueError()
locale: Error()
lzma: LZMAError()
multiprocessing: AuthenticationError() BufferTooShort() ProcessError() TimeoutError()
multiprocessing.pool: MaybeEncodingError() RemoteTraceback()
optparse: BadOptionError() OptParseError() OptionError() OptionValueError()
pathlib: UnsupportedOperation()
pickle: PickleError() PicklingError() UnpicklingError()
plistlib: InvalidFileException()
queue: Empty() Full() ShutDown()
re: error() PatternError()
shutil: Error() ExecError() ReadError() RegistryError() SameFileError() SpecialFileError()
smtplib: SMTPException() SMTPResponseException() SMTPServerDisconnected()
socket: gaierror() herror() timeout() error()
sqlite3: DataError() DatabaseError() Error() IntegrityError() InterfaceError() InternalError() NotSupportedError() OperationalError() ProgrammingError() Warning()
ssl: SSLCertVerificationError() SSLEOFError() SSLError() SSLSyscallError() SSLWantReadError() SSLWantWriteError() SSLZeroReturnError()
statistics: StatisticsError()
subprocess: CalledProcessError() SubprocessError() TimeoutExpired()
tarfile: AbsoluteLinkError() AbsolutePathError() CompressionError() ExtractError() FilterError() HeaderError() LinkOutsideDestinationError() OutsideDestinationError() ReadError() SpecialFileError() StreamError() TarError()
threading: BrokenBarrierError()
tokenize: TokenError()
tomllib: TOMLDecodeError()
unittest.case: SkipTest()
urllib.error: ContentTooShortError() HTTPError() URLError()
urllib.request: ContentTooShortError() HTTPError() URLError()
xml.etree.ElementTree: ParseError()
xml.parsers.expat: ExpatError()
xmlrpc.client: Error() Fault() ProtocolError() ResponseError()
zipfile: BadZipFile() LargeZipFile()
zoneinfo._common: ZoneInfoNotFoundError()
signal: Signals() Handlers() Sigmasks()
socket: AddressFamily() AddressInfo() MsgFlag() SocketKind()
ssl: AlertDescription() Options() Purpose() SSLErrorNumber() TLSVersion() VerifyFlags() VerifyMode() _SSLMethod()
plistlib: PlistFormat()
collections.abc: _CallableGenericAlias()
itertools: _tee() _tee_dataobject()
os: times_result() statvfs_result()
`;

/** Built and filled. */
const CLASSES = `
calendar: HTMLCalendar LocaleTextCalendar LocaleHTMLCalendar
configparser: ConfigParser RawConfigParser SectionProxy ConverterMapping Interpolation BasicInterpolation ExtendedInterpolation LegacyInterpolation ConfigParser.getboolean* ConfigParser.getfloat* ConfigParser.getint* SectionProxy.get* RawConfigParser.getboolean* RawConfigParser.getfloat* RawConfigParser.getint*
difflib: SequenceMatcher Differ
email.charset: Charset
email.header: Header
email.message: Message EmailMessage MIMEPart
email.mime.base: MIMEBase
email.mime.multipart: MIMEMultipart
email.mime.text: MIMEText
email.policy: EmailPolicy
email._policybase: Compat32 Policy
gettext: NullTranslations
graphlib: TopologicalSorter _NodeInfo
http.cookies: SimpleCookie Morsel
json.encoder: JSONEncoder
logging: LogRecord Formatter PercentStyle StrFormatStyle StringTemplateStyle
reprlib: Repr
tarfile: TarInfo
textwrap: TextWrapper
traceback: FrameSummary StackSummary TracebackException
urllib.request: Request
xml.etree.ElementTree: Element ElementTree QName
zipfile: ZipInfo
_hashlib: openssl_md5* openssl_sha1* openssl_sha224* openssl_sha256* openssl_sha384* openssl_sha512*
struct: Struct*
csv: excel* excel_tab* unix_dialect*
difflib: Match
tokenize: TokenInfo
`;

export const STANDARD_LIBRARY = EXCEPTIONS + CLASSES.slice(1);
