vcl 4.1;

# Varnish in front of Depesche: it keeps readers' pages and forgets what it is told to. It needs
# vmod xkey (Debian: varnish-modules). Depesche is started with
#   --front varnish --front-url http://127.0.0.1:6081 --trusted-proxies 127.0.0.1
import std;
import xkey;

backend default {
    .host = "127.0.0.1";
    .port = "8080";
}

# Who may say what to forget: the servers of the paper.
acl newsroom {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.method == "PURGE") {
        if (!client.ip ~ newsroom) {
            return (synth(403, "Forbidden"));
        }
        set req.http.n = xkey.purge(req.http.xkey-purge);
        return (synth(200, "forgot " + req.http.n));
    }
    if (req.url ~ "^/desk(/|$|\?)" || req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # Readers' pages know no cookies. What others hang behind an address makes no other page.
    unset req.http.Cookie;
    if (req.url ~ "[?&](utm_[a-z]+|fbclid|gclid|mc_[a-z]+)=") {
        set req.url = regsuball(req.url, "([?&])(utm_[a-z]+|fbclid|gclid|mc_[a-z]+)=[^&]*", "\1");
        set req.url = regsub(regsuball(req.url, "&+", "&"), "[?&]+$", "");
        set req.url = regsub(req.url, "\?&", "?");
    }
    # Depesche makes brotli as well as gzip, and each is kept by itself; for that varnishd is started with
    # -p http_gzip_support=off. A page is kept twice so, not once for each way to write the header.
    if (req.http.Accept-Encoding ~ "br") {
        set req.http.Accept-Encoding = "br";
    } elsif (req.http.Accept-Encoding ~ "gzip") {
        set req.http.Accept-Encoding = "gzip";
    } else {
        unset req.http.Accept-Encoding;
    }
    # The front's address is answered by the reader's languages.
    if (req.url ~ "^/(\?|$)") {
        return (pass);
    }
    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    return (lookup);
}

sub vcl_backend_response {
    set beresp.http.xkey = beresp.http.Surrogate-Key;
    if (beresp.http.Surrogate-Control ~ "max-age=[0-9]+") {
        set beresp.ttl = std.duration(regsub(beresp.http.Surrogate-Control, ".*max-age=([0-9]+).*", "\1s"), 0s);
    } elsif (beresp.http.Cache-Control ~ "immutable") {
        set beresp.ttl = 1d;
    } else {
        # It is asked for anew each time, and answered without its bytes if it is the same.
        set beresp.ttl = 0s;
        set beresp.keep = 1h;
    }
    # What was true until now isn't shown while it is fetched: it may be what was withdrawn.
    set beresp.grace = 0s;
    return (deliver);
}

sub vcl_deliver {
    unset resp.http.xkey;
    unset resp.http.Surrogate-Key;
    unset resp.http.Surrogate-Control;
}
