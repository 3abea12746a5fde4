package dev.serai.connect;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.commons.lang3.exception.ExceptionUtils;

/**
 * Why a host of the provider's gives no answer, for whoever has to mend it. The exception's own text is left out: it may quote
 * anything. Immutable.
 *
 * @param what happened, as a part of a sentence after the host's name
 * @param remedy what to do
 */
public record NoAnswer(String what, String remedy) {

    static NoAnswer of(Throwable failure) {
        if (has(failure, UnknownHostException.class)) {
            return new NoAnswer(
                    "has no address: this host's name service does not know the name",
                    "check serai.connect.base-url, and the name service");
        }
        if (has(failure, SSLException.class)) {
            return ofTls(failure);
        }
        if (has(failure, SocketTimeoutException.class)) {
            return new NoAnswer(
                    "does not answer in time",
                    "look at the provider's status page, and at the firewall and serai.connect.proxy on the way");
        }
        if (has(failure, ConnectException.class) || has(failure, NoRouteToHostException.class)) {
            return new NoAnswer(
                    "takes no connection",
                    "check serai.connect.base-url, the firewall on the way, and serai.connect.proxy if there must be one");
        }
        return new NoAnswer(
                "hangs up without an answer (" + simpleName(failure) + ")",
                "look at the provider's status page, and at what is on the way to it");
    }

    private static NoAnswer ofTls(Throwable failure) {
        if (has(failure, SSLPeerUnverifiedException.class)) {
            return new NoAnswer(
                    "shows a certificate that is for another host name",
                    "name it in serai.connect.base-url as its certificate does; what answers there may be somebody else");
        }
        if (has(failure, CertificateExpiredException.class) || has(failure, CertificateNotYetValidException.class)) {
            return new NoAnswer(
                    "shows a certificate that is not valid today",
                    "check this machine's clock; else whoever runs the host has to renew it");
        }
        if (has(failure, CertPathBuilderException.class)) {
            return new NoAnswer(
                    "shows a certificate of nobody whom this process trusts",
                    "put the certificate of who signs it (a proxy that looks into TLS, perhaps) into"
                            + " serai.connect.trust-store");
        }
        return new NoAnswer(
                "speaks no TLS that this process can speak (" + simpleName(failure) + ")",
                "check the port and http or https in serai.connect.base-url");
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> type) {
        return ExceptionUtils.indexOfType(failure, type) >= 0;
    }

    private static String simpleName(Throwable failure) {
        Throwable root = failure instanceof IOException ? failure : ExceptionUtils.getRootCause(failure);
        return (root == null ? failure : root).getClass().getSimpleName();
    }
}
