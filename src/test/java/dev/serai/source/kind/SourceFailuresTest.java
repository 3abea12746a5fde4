package dev.serai.source.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.serai.source.SourceFailedException;
import dev.serai.source.SourceFailedException.Reason;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class SourceFailuresTest {
    private static final String PRIVATE = "PRIVATE words";
    private static final SourceFailures CRM = new SourceFailures("crm", "crm.example:8443", "source-crm");

    static Stream<Arguments> failures() {
        return Stream.of(
                argumentSet(
                        "status",
                        new SourceFailedException(Reason.ERROR, "status 503"),
                        Reason.ERROR,
                        "status 503 at crm.example:8443"),
                argumentSet(
                        "status in a route of one's own",
                        new IllegalStateException(new HttpOperationFailedException(
                                "https://user@other.example/x?key=" + PRIVATE.replace(' ', '+'),
                                502,
                                PRIVATE,
                                null,
                                null,
                                PRIVATE)),
                        Reason.ERROR,
                        "status 502 at other.example"),
                argumentSet(
                        "refusal in a route of one's own",
                        new HttpOperationFailedException("https://other.example/x", 422, PRIVATE, null, null, PRIVATE),
                        Reason.REFUSED,
                        "status 422 at other.example"),
                argumentSet(
                        "what is not there in a route of one's own",
                        new HttpOperationFailedException("https://other.example/x", 404, PRIVATE, null, null, PRIVATE),
                        Reason.UNUSABLE,
                        "status 404 at other.example"),
                argumentSet(
                        "text that is no UUID",
                        new IllegalStateException(PRIVATE, new SQLException(PRIVATE, "22P02")),
                        Reason.REFUSED,
                        "SQLState 22P02 (a value that the query cannot use) at crm.example:8443"),
                argumentSet(
                        "several rows for one",
                        new SQLException(PRIVATE, "21000"),
                        Reason.REFUSED,
                        "SQLState 21000 (several rows where the query needs one) at crm.example:8443"),
                argumentSet(
                        "no such table",
                        new IllegalStateException(PRIVATE, new SQLException(PRIVATE, "42P01")),
                        Reason.FAILED,
                        "SQLState 42P01 (no such table) at crm.example:8443"),
                argumentSet(
                        "state of a class that is known",
                        new SQLException(PRIVATE, "42999"),
                        Reason.FAILED,
                        "SQLState 42999 (the query is wrong, or not allowed) at crm.example:8443"),
                argumentSet(
                        "state that is unknown",
                        new SQLException(PRIVATE, "HZ000"),
                        Reason.FAILED,
                        "SQLState HZ000 at crm.example:8443"),
                argumentSet(
                        "statement that took too long",
                        new SQLException(PRIVATE, "57014"),
                        Reason.TIMED_OUT,
                        "SQLState 57014 (the query took too long) at crm.example:8443"),
                argumentSet(
                        "pool that got no connection, and why",
                        new SQLTransientConnectionException(PRIVATE, null, 0, new SQLException(PRIVATE, "28P01")),
                        Reason.UNREACHABLE,
                        "SQLState 28P01 (login refused) at crm.example:8443"),
                argumentSet(
                        "pool that is taken",
                        new SQLTransientConnectionException(PRIVATE),
                        Reason.UNREACHABLE,
                        "no connection of its pool was free or could be made in time at crm.example:8443"),
                argumentSet(
                        "refused",
                        new ConnectException(PRIVATE),
                        Reason.UNREACHABLE,
                        "connection refused at crm.example:8443"),
                argumentSet(
                        "name",
                        new UnknownHostException(PRIVATE),
                        Reason.UNREACHABLE,
                        "no address for its name at crm.example:8443"),
                argumentSet(
                        "time",
                        new SocketTimeoutException(PRIVATE),
                        Reason.TIMED_OUT,
                        "no answer in time at crm.example:8443"),
                argumentSet(
                        "TLS",
                        new SSLHandshakeException("PKIX path building failed"),
                        Reason.UNREACHABLE,
                        "no TLS connection (PKIX path building failed) at crm.example:8443"),
                argumentSet(
                        "anything else",
                        new IllegalArgumentException(PRIVATE),
                        Reason.FAILED,
                        "IllegalArgumentException in route source-crm at crm.example:8443"));
    }

    @ParameterizedTest
    @CsvSource({
        "204, UNUSABLE",
        "301, UNUSABLE",
        "400, REFUSED",
        "401, ERROR",
        "403, ERROR",
        "407, ERROR",
        "408, ERROR",
        "410, REFUSED",
        "422, REFUSED",
        "425, ERROR",
        "429, ERROR",
        "500, ERROR",
        "503, ERROR"
    })
    void status_isTroubleOfTheService_orOfTheReference(int status, Reason reason) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);

        assertThatExceptionOfType(SourceFailedException.class)
                .isThrownBy(() -> HttpSource.read(exchange))
                .withMessage("status " + status)
                .extracting(SourceFailedException::reason)
                .isEqualTo(reason);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failure_isToldByWhatWasSeenOfIt(Throwable failure, Reason reason, String evidence) {
        SourceFailedException told = CRM.of(failure);

        assertThat(told.reason()).isEqualTo(reason);
        assertThat(told.evidence()).isEqualTo(evidence);
        assertThat(told).hasMessage("source crm: " + evidence);
    }
}
