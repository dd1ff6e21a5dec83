# Varnish before Dragoman: keeps what is the same for everybody until Dragoman says that it has changed.
# Debian: apt-get install varnish varnish-modules; put it to /etc/varnish/default.vcl. In dragoman.toml:
#   [delivery] cdn = "http://127.0.0.1:6081/.forget"        [server] proxies = ["127.0.0.1", "::1"]
# See docs/operate/cdn.md.
vcl 4.1;

import xkey;

backend dragoman {
    .host = "127.0.0.1";
    .port = "8000";
    .first_byte_timeout = 60s;
}

# Who may say what is to be forgotten: all machines that run Dragoman.
acl dragoman_nodes {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.url == "/.forget") {
        # A comma: a proxy stands before us, and whoever asks it has its address here.
        if (client.ip !~ dragoman_nodes || req.http.X-Forwarded-For ~ "," || req.method != "POST"
            || !req.http.Surrogate-Key) {
            return (synth(403, "Forbidden"));
        }
        set req.http.X-Forgotten = xkey.purge(req.http.Surrogate-Key);
        return (synth(200, "Forgotten: " + req.http.X-Forgotten));
    }
    unset req.http.Surrogate-Key;
    # Event streams: open for hours, each piece is sent at once.
    if (req.url ~ "^/events(\?|$)") {
        return (pipe);
    }
    # A reader's own page is Dragoman's to make. Any other cookie changes nothing on what is the same for everybody.
    if ((req.method != "GET" && req.method != "HEAD") || req.http.Authorization
        || req.http.Cookie ~ "(^|;\s*)(sessionid|messages)=") {
        return (pass);
    }
    return (hash);
}

sub vcl_pipe {
    set bereq.http.Connection = "close";
}

sub vcl_backend_response {
    if (beresp.status == 200 && beresp.http.Surrogate-Control ~ "max-age=[0-9]+" && beresp.http.Surrogate-Key
        && !beresp.http.Set-Cookie) {
        set beresp.http.xkey = beresp.http.Surrogate-Key;
        set beresp.ttl = 30s;
    } else {
        # Everybody asks for it at once: none waits for another's answer.
        set beresp.ttl = 120s;
        set beresp.uncacheable = true;
    }
    # What was taken away may not be shown for one moment more, not even while Dragoman does not answer.
    set beresp.grace = 0s;
    set beresp.keep = 0s;
    unset beresp.http.Surrogate-Control;
    unset beresp.http.Surrogate-Key;
    return (deliver);
}

sub vcl_deliver {
    if (obj.hits > 0) {
        set resp.http.Server-Timing = "cache;desc=varnish";
    }
    unset resp.http.xkey;
    unset resp.http.X-Varnish;
    unset resp.http.Via;
    # Browsers ask each time: how long it lay here is nothing to them.
    unset resp.http.Age;
}
