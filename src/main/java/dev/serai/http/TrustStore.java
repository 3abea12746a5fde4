package dev.serai.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of those who are trusted, in place of the JDK's.
 *
 * @param file a PKCS12 or JKS key store, or PEM certificates, as many as one likes
 * @param password of the key store; null: it has none, or {@code file} is PEM
 */
public record TrustStore(Path file, @Nullable String password) {
    private static final String PEM = "-----BEGIN CERTIFICATE-----";

    /**
     * Reads the file.
     *
     * @throws IllegalArgumentException if it cannot be used; with its name, the reason and what to do
     */
    public SSLContext sslContext() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(certificates());
            TrustManager[] managers = factory.getTrustManagers();
            if (Arrays.stream(managers).noneMatch(TrustStore::trustsAnybody)) {
                throw unusable("it holds no trusted certificate"
                        + (password == null ? " that can be read without a password" : ""));
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot make a TLS context of " + file, e);
        }
    }

    private static boolean trustsAnybody(TrustManager manager) {
        return manager instanceof X509TrustManager x509 && x509.getAcceptedIssuers().length > 0;
    }

    private KeyStore certificates() throws GeneralSecurityException {
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (new String(bytes, StandardCharsets.ISO_8859_1).contains(PEM)) {
                return pem(bytes);
            }
            return KeyStore.getInstance(file.toFile(), password == null ? null : password.toCharArray());
        } catch (NoSuchFileException e) {
            throw unusable("there is no such file");
        } catch (IOException e) {
            throw unusable(
                    e.getCause() instanceof UnrecoverableKeyException
                            ? "its password is another one"
                            : "it cannot be read (" + e.getClass().getSimpleName() + ")");
        } catch (KeyStoreException e) {
            throw unusable("it is neither a key store nor PEM");
        } catch (CertificateException e) {
            throw unusable("it holds a broken certificate");
        }
    }

    private static KeyStore pem(byte[] bytes) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (Certificate certificate :
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes))) {
            store.setCertificateEntry("certificate-" + store.size(), certificate);
        }
        return store;
    }

    private IllegalArgumentException unusable(String reason) {
        // Without a cause: those who report a failed start show the innermost one, which does not name the file.
        return new IllegalArgumentException("cannot use the trust store " + file + ": " + reason
                + "; give a PKCS12 or JKS key store with its password, or a file of PEM certificates");
    }

    @Override
    public String toString() {
        return "TrustStore[" + file + (password == null ? "" : ", with a password") + "]";
    }
}
