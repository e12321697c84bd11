{{- define "ilios.labels" -}}
app.kubernetes.io/name: ilios
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "ilios.selector" -}}
app.kubernetes.io/name: ilios
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .role }}
{{- end }}

{{/* The pod of a node; takes the chart as root, the role, its resources and further settings. */}}
{{- define "ilios.pod" -}}
metadata:
  labels:
    {{- include "ilios.selector" . | nindent 4 }}
spec:
  terminationGracePeriodSeconds: 15
  automountServiceAccountToken: false
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: ilios
      image: "{{ .root.Values.image.repository }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}"
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      args: {{ .args | toJson }}
      envFrom:
        - secretRef:
            name: {{ .root.Values.existingSecret }}
      env:
        {{- range $name, $value := merge (dict) .env .root.Values.env }}
        - name: {{ $name }}
          value: {{ $value | toString | quote }}
        {{- else }}
        []
        {{- end }}
      ports:
        - name: http
          containerPort: 1337
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: ["ALL"]
      volumeMounts:
        - name: data
          mountPath: /data
      livenessProbe:
        httpGet: {path: /livez, port: http}
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        httpGet: {path: /readyz, port: http}
        periodSeconds: 5
        timeoutSeconds: 5
      resources:
        {{- toYaml .resources | nindent 8 }}
  volumes:
    - name: data
      {{- if .root.Values.single }}
      persistentVolumeClaim:
        claimName: {{ .root.Release.Name }}-data
      {{- else }}
      emptyDir:
        sizeLimit: {{ .root.Values.persistence.size }}
      {{- end }}
{{- end }}
