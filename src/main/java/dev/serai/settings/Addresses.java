package dev.serai.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hosts, ports and URLs. */
final class Addresses {
    private static final String SERVERS =
            "must be host:port pairs joined by commas, for example kafka-1:9092,kafka-2:9092";
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+");
    private static final Pattern BRACKETS = Pattern.compile("\\[(.*:.*)]");
    private static final Pattern SERVER = Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):(\\d{1,5})");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,255}");
    private static final int LAST_PORT = 65535;

    private Addresses() {}

    /** A port to listen on; 0 takes any free one. */
    static SettingType<Integer> port() {
        return SettingTypes.wholeNumber(0, LAST_PORT);
    }

    /** Where to listen; the value of an IPv6 address has no brackets. */
    static SettingType<String> host() {
        return SettingType.of("host name or IP address", "", text -> {
            Matcher brackets = BRACKETS.matcher(text);
            String host = brackets.matches() ? brackets.group(1) : text;
            if (!HOST.matcher(host).matches() && !isIpv6(host)) {
                throw new BadValueException("must be a host name or an IP address, for example 127.0.0.1");
            }
            return host;
        });
    }

    private static boolean isIpv6(String text) {
        try {
            return text.indexOf(':') >= 0 && new URI("http://[" + text + "]/").getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Kafka's {@code bootstrap.servers}. */
    static SettingType<String> servers() {
        return SettingType.of("host:port list", "", text -> {
            for (String server : text.split(",", -1)) {
                var matcher = SERVER.matcher(server.strip());
                if (!matcher.matches() || !isPort(Integer.parseInt(matcher.group(2)))) {
                    throw new BadValueException(SERVERS);
                }
            }
            return text.replaceAll("\\s", "");
        });
    }

    /** An http or https URL to append a path to; the value has no slash at its end. */
    static SettingType<URI> baseUrl() {
        return SettingType.of("URL", "http or https, no query", text -> {
            URI url = parse(text);
            if (!"http".equalsIgnoreCase(url.getScheme()) && !"https".equalsIgnoreCase(url.getScheme())) {
                throw new BadValueException("must begin with http:// or https://");
            }
            if (url.getHost() == null || (url.getPort() != -1 && !isPort(url.getPort()))) {
                throw new BadValueException("must have a valid host, and a port from 1 to 65535 if any");
            }
            if (url.getRawQuery() != null || url.getRawFragment() != null) {
                throw BadValueException.hidingTheValue("must have no query and no fragment");
            }
            return URI.create(text.replaceFirst("/+$", ""));
        });
    }

    /** Where an HTTP proxy listens. */
    static SettingType<URI> proxy() {
        return SettingType.of("URL", "http://host:port", text -> {
            URI url = parse(text);
            if (!"http".equalsIgnoreCase(url.getScheme())) {
                throw new BadValueException("must begin with http://, also for https through it");
            }
            if (url.getHost() == null || !isPort(url.getPort())) {
                throw new BadValueException("must have a valid host and a port from 1 to 65535");
            }
            if (url.getRawQuery() != null || url.getRawFragment() != null) {
                throw BadValueException.hidingTheValue("must have no query and no fragment");
            }
            if (!url.getRawPath().isEmpty() && !"/".equals(url.getRawPath())) {
                throw new BadValueException("must have no path");
            }
            return URI.create(text.replaceFirst("/$", ""));
        });
    }

    /** What names something, wherever it is, if it is anywhere: others get to read it. */
    static SettingType<String> uriReference() {
        return SettingType.of("URI reference", "", text -> {
            try {
                URI uri = new URI(text);
                if (uri.getUserInfo() != null) {
                    throw BadValueException.hidingTheValue("must not contain a user name or password");
                }
                return uri.toASCIIString();
            } catch (URISyntaxException e) {
                throw new BadValueException("must be a URI or a reference to one, such as urn:example:avatars");
            }
        });
    }

    /** A name that fits into a {@code Proxy-Authorization} header beside its password. */
    static SettingType<String> proxyUser() {
        return SettingType.of("word", "no colon", text -> {
            String name = SettingTypes.word().parser().parse(text);
            if (name.contains(":")) {
                throw BadValueException.hidingTheValue("must not contain a colon, nor the password");
            }
            return name;
        });
    }

    /** A bad one is not shown: the header's value gets here by mistake. */
    static SettingType<String> headerName() {
        return SettingType.of("word", "name of a header", text -> {
            if (!HEADER.matcher(text).matches()) {
                throw BadValueException.hidingTheValue("must be the name of a header, without its value");
            }
            return text;
        });
    }

    private static URI parse(String text) throws BadValueException {
        if (text.contains("@")) {
            throw BadValueException.hidingTheValue("must not contain a user name or password");
        }
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new BadValueException("must be a URL such as https://host.example");
        }
    }

    private static boolean isPort(int number) {
        return number >= 1 && number <= LAST_PORT;
    }

    /** Whether what goes to the URL can be read on its way to another machine, as far as that can be told without a look-up. */
    static boolean isUnencrypted(URI url) {
        return "http".equalsIgnoreCase(url.getScheme()) && !isLoopback(url.getHost());
    }

    /** Of this machine: a URL's host, with the brackets of an IPv6 address. */
    static boolean isLoopback(String host) {
        return "localhost".equalsIgnoreCase(host) || host.startsWith("127.") || "[::1]".equals(host);
    }
}
